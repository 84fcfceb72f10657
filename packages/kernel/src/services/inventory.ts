/** Words by which an operator says whose an item is, for instance `{ kind: 'domain', selector: 'example.net' }`. */
export interface ItemOwner {
  readonly kind: string;
  readonly selector: string;
}

/** One thing that a system runs for a customer. */
export interface InventoryItem {
  /** Made by the source and never changed: `bx:main:vsite:site1`. */
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** Every selector that fits. */
  readonly owner: readonly ItemOwner[];
  /** Sizes in bytes, times as RFC 3339 in UTC; what is not known is absent. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Something that is so: whoever asks decides what of it is worth an alert. */
export interface InventoryFact {
  /** Of the item, or of the system that runs it. */
  readonly key: string;
  readonly code: string;
  /** Since when it was seen to be so. Milliseconds since the epoch. */
  readonly since: number;
  /** Of several facts of one key and code, each has its own: the id of a task. */
  readonly value: string | number | boolean;
  /** More about it for people, which may change while the fact stays: the function of a task, when it is planned. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

interface Completeness {
  /** False: the last that is known, or a part of it. */
  readonly complete: boolean;
  readonly reason?: string;
}

export interface InventoryList extends Completeness {
  readonly items: readonly InventoryItem[];
}

export interface InventoryConditions extends Completeness {
  readonly facts: readonly InventoryFact[];
}

/** What one system runs (design 11). Neither call rejects because that system is away. */
export interface InventorySource {
  list(signal: AbortSignal): Promise<InventoryList>;
  conditions(signal: AbortSignal): Promise<InventoryConditions>;
}
