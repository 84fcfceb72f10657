/** What is looked at from time to time, each on its own account. */
export type CheckPart = 'inventory' | 'key';

/** How the last look at an account ended. */
export interface CheckRow {
  account: string;
  part: CheckPart;
  /** Digest of endpoint and keys: another one means that the account was configured anew. */
  identity: string;
  started_ms: number;
  ended_ms: number;
  /** So many looks in a row failed for reasons that may pass. */
  failures: number;
  /** 0 to 999: shifts the next look, so that accounts do not all come together. */
  jitter: number;
  state: string;
}

/** The key of an item, chosen once and kept for ever (cyberapp 5.4). */
export interface KeyRow {
  endpoint: string;
  kind: string;
  name: string;
  item_key: string;
}

export interface ItemRow {
  account: string;
  kind: string;
  name: string;
  item_key: string;
  /** Place in the order of the inventory. */
  position: number;
  /** An InventoryRecord as JSON. */
  record: string;
}

export interface FactRow {
  account: string;
  item_key: string;
  code: string;
  /** JSON. */
  value: string;
  detail: string | null;
  since_ms: number;
}

export interface OvhTables {
  ovh_checks: CheckRow;
  ovh_keys: KeyRow;
  ovh_items: ItemRow;
  ovh_facts: FactRow;
}
