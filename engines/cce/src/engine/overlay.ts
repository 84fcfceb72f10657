import type { ObjectState } from './values.ts';

/** What a transaction made of an object. */
export interface PendingObject extends ObjectState {
  readonly gone: boolean;
}

const NONE: ReadonlyMap<number, PendingObject> = new Map();

/** Changes that are not in the store: those of a transaction, or of a branch of one (cce 4.5), which becomes part of it or is forgotten. */
export class Layer {
  readonly parent: Layer | undefined;
  readonly #own = new Map<number, PendingObject>();
  readonly #byClass = new Map<string, Map<number, PendingObject>>();

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
    const others = this.#byClass.get(object.class);
    if (others) others.set(object.oid, object);
    else this.#byClass.set(object.class, new Map([[object.oid, object]]));
  }

  /** Those that this layer itself touched, in ascending OID. */
  own(): readonly PendingObject[] {
    return [...this.#own.values()].toSorted((one, other) => one.oid - other.oid);
  }

  /** Those of a class that differ from the store or may. Handlers search much, and mostly below what they themselves have touched. */
  ofClass(className: string): ReadonlyMap<number, PendingObject> {
    const below = this.parent?.ofClass(className) ?? NONE;
    const own = this.#byClass.get(className);
    if (!own) return below;
    return below.size === 0 ? own : new Map([...below, ...own]);
  }

  clear(): void {
    this.#own.clear();
    this.#byClass.clear();
  }

  mergeIntoParent(): void {
    for (const object of this.#own.values()) this.parent?.put(object);
  }
}
