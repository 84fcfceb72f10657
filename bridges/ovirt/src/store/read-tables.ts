/** A user of our own: `name@internal` with a CloudStack key pair (ovirt 3.7). */
export interface AccountRow {
  readonly id: string;
  /** Lower case, without the profile. */
  readonly name: string;
  /** argon2id, PHC string. */
  readonly password_hash: string;
  /** Sealed, as the secret key: they must be read back to sign. */
  readonly api_key: string;
  readonly secret_key: string;
  readonly created_ms: number;
  /** 0 or 1. */
  readonly disabled: number;
}

/** One object of CloudStack as it was last seen, or (empty body) the fact that it is gone. */
export interface InventoryRow {
  readonly kind: string;
  /** Whose view: `service`, the digest of an API key, or `seen:` and the digest for the ids that a key may list. */
  readonly scope: string;
  readonly id: string;
  /** JSON as the client read it. */
  readonly body: string;
  /** When it was asked for: a list that began earlier does not overwrite it. */
  readonly seen_ms: number;
}

/** What is known of a kind in a scope as a whole. */
export interface InventoryStateRow {
  readonly kind: string;
  readonly scope: string;
  /** When the last whole list began; 0 before the first. */
  readonly listed_ms: number;
  /** Grows with every change, so that copies in memory can tell. */
  readonly version: number;
  /** Somebody is listing until then. */
  readonly claimed_until_ms: number;
  readonly claimed_by: string;
}

/** Facts about this installation: `instance_id`. */
export interface FactRow {
  readonly name: string;
  readonly value: string;
}

export interface ReadTables {
  readonly ovirt_accounts: AccountRow;
  readonly ovirt_inventory: InventoryRow;
  readonly ovirt_inventory_state: InventoryStateRow;
  readonly ovirt_facts: FactRow;
}
