/** A user of our own: `name@internal` with a CloudStack key pair (ovirt 3.7). */
export interface AccountRow {
  readonly id: string;
  /** Lower case, without the profile. */
  readonly name: string;
  /** argon2id, PHC string. */
  readonly password_hash: string;
  readonly api_key: string;
  /** Sealed: it must be read back to sign. */
  readonly secret_key: string;
  readonly created_ms: number;
  readonly disabled: number;
}

/** One object of CloudStack as it was last seen. */
export interface InventoryRow {
  /** `vm`, `volume`, `zone`, … */
  readonly kind: string;
  /** Whose view: `service`, or the digest of an API key where there is no service key. */
  readonly scope: string;
  readonly id: string;
  /** JSON as the client read it. */
  readonly body: string;
  readonly seen_ms: number;
}

/** When a kind was last listed whole. */
export interface InventoryStateRow {
  readonly kind: string;
  readonly scope: string;
  readonly listed_ms: number;
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
