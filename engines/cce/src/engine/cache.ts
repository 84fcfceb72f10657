import type { ObjectStorage, StoredObject } from '../storage/object-storage.ts';

export interface CacheLimits {
  readonly objects: number;
  /** Characters of all kept values together. */
  readonly characters: number;
}

interface Kept {
  readonly object: StoredObject;
  readonly characters: number;
}

const DEFAULT_LIMITS: CacheLimits = { objects: 20_000, characters: 32 * 1024 * 1024 };

/** Objects read before (cce 3.2): the last used ones, and none is given that the store does not have at the same version. */
export class ObjectCache {
  readonly #storage: ObjectStorage;
  readonly #limits: CacheLimits;
  readonly #kept = new Map<number, Kept>();
  #characters = 0;

  constructor(storage: ObjectStorage, limits: CacheLimits = DEFAULT_LIMITS) {
    this.#storage = storage;
    this.#limits = limits;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The objects as the store has them now; unknown ones are left out. At most two questions to the store. */
  async read(oids: readonly number[]): Promise<ReadonlyMap<number, StoredObject>> {
    if (!oids.some((oid) => this.#kept.has(oid))) return this.#fetch(oids);
    const versions = await this.#storage.versions(oids);
    const found = new Map<number, StoredObject>();
    const missing: number[] = [];
    for (const oid of oids) {
      const version = versions.get(oid);
      if (version === undefined) continue;
      const kept = this.#kept.get(oid);
      if (kept?.object.version !== version) missing.push(oid);
      else found.set(oid, this.#touch(oid, kept));
    }
    if (missing.length === 0) return found;
    return new Map([...found, ...(await this.#fetch(missing))]);
  }

  async #fetch(oids: readonly number[]): Promise<ReadonlyMap<number, StoredObject>> {
    if (oids.length === 0) return new Map();
    const objects = await this.#storage.read(oids);
    for (const object of objects) this.#keep(object);
    return new Map(objects.map((object) => [object.oid, object]));
  }

  #touch(oid: number, kept: Kept): StoredObject {
    this.#kept.delete(oid);
    this.#kept.set(oid, kept);
    return kept.object;
  }

  #keep(object: StoredObject): void {
    this.#drop(object.oid);
    const characters = charactersOf(object);
    if (characters > this.#limits.characters / 4) return;
    this.#kept.set(object.oid, { object, characters });
    this.#characters += characters;
    for (const oid of this.#kept.keys()) {
      if (this.#kept.size <= this.#limits.objects && this.#characters <= this.#limits.characters) return;
      this.#drop(oid);
    }
  }

  #drop(oid: number): void {
    const kept = this.#kept.get(oid);
    if (!kept) return;
    this.#kept.delete(oid);
    this.#characters -= kept.characters;
  }
}

function charactersOf(object: StoredObject): number {
  let characters = 0;
  for (const properties of object.values.values()) for (const [name, value] of properties) characters += name.length + value.length;
  return characters;
}
