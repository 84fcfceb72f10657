import { CceEngineError } from '../errors.ts';
import { inBody, indexKey, toBody } from './body.ts';
import { MAX_OID } from './migrations.ts';
import type {
  CommitOutcome,
  IndexWrite,
  ObjectStorage,
  ScanPage,
  ScanRequest,
  StorageChange,
  StoredObject,
  StoredWrite,
} from './object-storage.ts';

interface Entry {
  readonly object: StoredObject;
  readonly keys: ReadonlySet<string>;
  readonly uniqueKeys: ReadonlySet<string>;
}

type Indexed = Omit<StoredWrite, 'values'>;

/** Objects in a map, for tests and trials: gone with the process, and reservations never expire. */
export class MemoryStorage implements ObjectStorage {
  readonly #objects = new Map<number, Entry>();
  readonly #unique = new Map<string, number>();
  readonly #reserved = new Set<number>();
  readonly #facts = new Map<string, string>();
  #version = 0;

  async read(oids: readonly number[]): Promise<readonly StoredObject[]> {
    return oids.flatMap((oid) => this.#objects.get(oid)?.object ?? []);
  }

  async versions(oids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return new Map((await this.read(oids)).map(({ oid, version }) => [oid, version]));
  }

  async scan({ class: className, after, limit, indexed, containing }: ScanRequest): Promise<ScanPage> {
    const key = indexed && indexKey(className, indexed);
    const text = containing === undefined ? '' : inBody(containing);
    const objects = [...this.#objects.values()]
      .filter(({ object, keys }) => object.class === className && object.oid > after && (key === undefined || keys.has(key)))
      .filter(({ object }) => text === '' || toBody(object.values).includes(text))
      .map(({ object }) => object)
      .toSorted((one, other) => one.oid - other.oid)
      .slice(0, limit);
    return { objects, next: objects.length < limit ? undefined : objects.at(-1)?.oid };
  }

  async count(className: string): Promise<number> {
    return [...this.#objects.values()].filter(({ object }) => object.class === className).length;
  }

  async reserveOid(excluded: ReadonlySet<number>): Promise<number> {
    for (let oid = 1; oid <= MAX_OID; oid += 1) {
      if (this.#objects.has(oid) || this.#reserved.has(oid) || excluded.has(oid)) continue;
      this.#reserved.add(oid);
      return oid;
    }
    throw CceEngineError('CCE_ENGINE_NO_OID');
  }

  async release(oids: readonly number[]): Promise<void> {
    for (const oid of oids) this.#reserved.delete(oid);
  }

  async commit(change: StorageChange): Promise<CommitOutcome> {
    const conflict = this.#conflictOf(change);
    if (conflict !== undefined) return { ok: false, conflict };
    this.#version += 1;
    for (const { oid } of change.removals) this.#drop(oid);
    for (const { oid } of change.writes) this.#drop(oid);
    for (const write of change.writes) this.#put(write);
    return { ok: true, version: this.#version };
  }

  async reindex(objects: readonly IndexWrite[]): Promise<CommitOutcome> {
    const conflict = this.#conflictOf({ writes: objects, removals: [] });
    if (conflict !== undefined) return { ok: false, conflict };
    this.#version += 1;
    for (const { oid } of objects) for (const key of this.#objects.get(oid)?.uniqueKeys ?? []) this.#unique.delete(key);
    for (const write of objects) {
      const object = this.#objects.get(write.oid)?.object;
      if (object) this.#keep(object, write);
    }
    return { ok: true, version: this.#version };
  }

  async getFact(name: string): Promise<string | undefined> {
    return this.#facts.get(name);
  }

  async setFact(name: string, value: string | undefined): Promise<void> {
    if (value === undefined) this.#facts.delete(name);
    else this.#facts.set(name, value);
  }

  #conflictOf({
    writes,
    removals,
  }: {
    readonly writes: readonly Indexed[];
    readonly removals: StorageChange['removals'];
  }): number | undefined {
    const stale = [...removals, ...writes].find(({ oid, seen }) => this.#objects.get(oid)?.object.version !== seen);
    if (stale) return stale.oid;
    const leaving = new Set([...removals, ...writes].map(({ oid }) => oid));
    const taken = new Set<string>();
    for (const write of writes) {
      for (const key of uniqueKeysOf(write)) {
        const owner = this.#unique.get(key);
        if (taken.has(key) || (owner !== undefined && !leaving.has(owner))) return write.oid;
        taken.add(key);
      }
    }
    return undefined;
  }

  #drop(oid: number): void {
    for (const key of this.#objects.get(oid)?.uniqueKeys ?? []) this.#unique.delete(key);
    this.#objects.delete(oid);
  }

  #put(write: StoredWrite): void {
    this.#keep({ oid: write.oid, class: write.class, version: this.#version, values: write.values }, write);
    this.#reserved.delete(write.oid);
  }

  #keep(object: StoredObject, write: Indexed): void {
    const uniqueKeys = uniqueKeysOf(write);
    const keys = new Set(write.index.map((entry) => indexKey(write.class, entry)));
    this.#objects.set(write.oid, { object, keys, uniqueKeys });
    for (const key of uniqueKeys) this.#unique.set(key, write.oid);
  }
}

function uniqueKeysOf(write: Indexed): ReadonlySet<string> {
  return new Set(write.index.filter(({ unique }) => unique).map((entry) => indexKey(write.class, entry)));
}
