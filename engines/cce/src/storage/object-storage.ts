/** An object as it is kept (cce 3.2): only what was set explicitly; defaults are the schema's. */
export interface StoredObject {
  readonly oid: number;
  readonly class: string;
  /** Grows with every commit of the storage, so that an object of a reused OID never has a version that was seen before. */
  readonly version: number;
  readonly values: ObjectValues;
}

/** Namespace (empty: the default one) to property to value. */
export type ObjectValues = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface StoredWrite {
  readonly oid: number;
  readonly class: string;
  readonly values: ObjectValues;
  /** Rows of the equality index. `unique` ones can exist once in the storage. */
  readonly index: readonly IndexEntry[];
  /** The version that the writer saw; undefined: the object is new. */
  readonly seen: number | undefined;
}

export interface IndexEntry {
  readonly namespace: string;
  readonly property: string;
  readonly value: string;
  readonly unique: boolean;
}

/** An object whose rows of the index are to be others. */
export interface IndexWrite extends Pick<StoredWrite, 'oid' | 'class' | 'index'> {
  readonly seen: number;
}

export interface StorageChange {
  readonly writes: readonly StoredWrite[];
  readonly removals: readonly { readonly oid: number; readonly seen: number }[];
}

/** What came of a commit: durable, or nothing changed because of the named object. */
export type CommitOutcome = { readonly ok: true; readonly version: number } | { readonly ok: false; readonly conflict: number };

export interface ScanRequest {
  readonly class: string;
  /** Objects with a larger OID. */
  readonly after: number;
  readonly limit: number;
  /** Only objects with this row of the index. */
  readonly indexed?: Omit<IndexEntry, 'unique'> | undefined;
  /** A hint: objects whose kept values hold this text nowhere may be left out. */
  readonly containing?: string | undefined;
}

export interface ScanPage {
  readonly objects: readonly StoredObject[];
  /** The `after` of the next page; undefined when this was the last. */
  readonly next: number | undefined;
}

/** Where objects are kept: tables `codb_*` of the kernel's store, or a map for tests. One suite holds for both. */
export interface ObjectStorage {
  /** In no order; unknown ones are left out. */
  read(oids: readonly number[]): Promise<readonly StoredObject[]>;
  /** Versions of those that exist: what a cache asks. */
  versions(oids: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** A page in ascending OID; it may be shorter than the limit, so that no page takes long. */
  scan(request: ScanRequest): Promise<ScanPage>;
  count(className: string): Promise<number>;
  /** The lowest free OID at or above 1 that is not excluded, held for the caller until `release`, a commit that writes it, or some minutes have passed. */
  reserveOid(excluded: ReadonlySet<number>): Promise<number>;
  release(oids: readonly number[]): Promise<void>;
  /** All or nothing, durable when it answers. Freed OIDs can be reserved again after it. */
  commit(change: StorageChange): Promise<CommitOutcome>;
  /** Rows of the index only, all or nothing: the objects and their versions stay as they are, and must be those that were seen. */
  reindex(objects: readonly IndexWrite[]): Promise<CommitOutcome>;
  /** Facts of the engine itself, such as why it is suspended. */
  getFact(name: string): Promise<string | undefined>;
  setFact(name: string, value: string | undefined): Promise<void>;
}
