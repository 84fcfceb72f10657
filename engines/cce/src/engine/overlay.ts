import type { ObjectState } from './values.ts';

/** What a transaction made of an object. */
export interface PendingObject extends ObjectState {
  readonly gone: boolean;
}

/** Changes that are not in the store: those of a transaction, or of a branch of one (cce 4.5), which becomes part of it or is forgotten. */
export class Layer {
  readonly parent: Layer | undefined;
  readonly #own = new Map<number, PendingObject>();

  constructor(parent?: Layer) {
    this.parent = parent;
  }

  branch(): Layer {
    return new Layer(this);
  }

  find(oid: number): PendingObject | undefined {
    return this.#own.get(oid) ?? this.parent?.find(oid);
  }

  put(object: PendingObject): void {
    this.#own.set(object.oid, object);
  }

  /** Those that this layer itself touched, in ascending OID. */
  own(): readonly PendingObject[] {
    return [...this.#own.values()].toSorted((one, other) => one.oid - other.oid);
  }

  /** All that differ from the store or may. */
  all(): ReadonlyMap<number, PendingObject> {
    return new Map([...(this.parent?.all() ?? []), ...this.#own]);
  }

  clear(): void {
    this.#own.clear();
  }

  mergeIntoParent(): void {
    for (const object of this.#own.values()) this.parent?.put(object);
  }
}
