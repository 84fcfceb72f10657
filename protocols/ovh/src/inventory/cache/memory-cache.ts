import type { CacheEntry, InventoryCache } from '../options.ts';

export interface CacheOptions {
  /** How long answers count, in ms. Default 15 minutes. */
  readonly ttl?: number | undefined;
  readonly clock?: { now(): number } | undefined;
}

const DEFAULT_TTL = 15 * 60_000;
/** A clock that was set back a little is no reason to ask again. */
const AHEAD_MS = 60_000;

/** A cache in this process; entries whose time is over are forgotten when they are asked for. */
export class MemoryCache implements InventoryCache {
  readonly #entries = new Map<string, CacheEntry>();
  readonly #ttl: number;
  readonly #clock: { now(): number };

  constructor({ ttl = DEFAULT_TTL, clock = Date }: CacheOptions = {}) {
    this.#ttl = ttl;
    this.#clock = clock;
  }

  get(key: string): CacheEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#counts(entry)) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, entry: CacheEntry): void {
    this.#entries.set(key, entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** What counts still. */
  entries(): [string, CacheEntry][] {
    return [...this.#entries].filter(([, entry]) => this.#counts(entry));
  }

  #counts({ readAt }: CacheEntry): boolean {
    const age = this.#clock.now() - readAt;
    return age < this.#ttl && age > -AHEAD_MS;
  }
}
