import type { Clock } from '@fairlead/kernel/clock';
import type { CryptoKey } from 'jose';
import { type KeySet, readKeySet } from './key-set.ts';

/** Gives the JSON of a key service; rejects when it cannot be had in time. */
export type FetchKeys = (url: string, signal: AbortSignal) => Promise<unknown>;

export type FoundKey = { readonly key: CryptoKey } | 'unknown' | 'unavailable';

const HOUR = 3_600_000;
/** Keys are asked for anew in the background after this, */
const REFRESH_AFTER = 12 * HOUR;
/** and are waited for after this; */
const FRESH_FOR = 24 * HOUR;
/** while the key service is down the known ones serve until this. */
const SERVE_FOR = 72 * HOUR;
/** Between two fetches because of an id that is not known. */
const UNKNOWN_EVERY = 60_000;
/** After a fetch that failed. */
const PATIENCE = 5000;

/** The keys of one issuer (CyberApp 2.4 "Key cache"). At most one fetch is under way. */
export class KeyCache {
  readonly #url: string;
  readonly #fetch: FetchKeys;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #keys: KeySet | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #unknownAt = Number.NEGATIVE_INFINITY;
  #flight: Promise<boolean> | undefined;

  constructor(url: string, { fetchKeys, clock, signal }: { fetchKeys: FetchKeys; clock: Clock; signal: AbortSignal }) {
    this.#url = url;
    this.#fetch = fetchKeys;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Age of the keys in ms; undefined while there are none that count. */
  get ageMs(): number | undefined {
    return this.#usable() === undefined ? undefined : this.#age();
  }

  /** The key, `unknown` when the issuer has none of this id, `unavailable` when no keys can be had. */
  async find(kid: string): Promise<FoundKey> {
    const fetched = this.#age() >= FRESH_FOR && (await this.#refresh());
    const known = this.#usable()?.get(kid);
    if (known !== undefined) {
      if (this.#age() >= REFRESH_AFTER) void this.#refresh();
      return { key: known };
    }
    // An id that came with fresh keys missing was looked for already.
    if (fetched) this.#unknownAt = this.#clock.now();
    if (!fetched && this.#usable() !== undefined && this.#mayAskForUnknown()) await this.#refresh();
    const keys = this.#usable();
    const key = keys?.get(kid);
    if (key !== undefined) return { key };
    return keys === undefined ? 'unavailable' : 'unknown';
  }

  /** Fetches the keys unless they are fresh; false when there are none that may be used. */
  async warm(): Promise<boolean> {
    if (this.#age() >= REFRESH_AFTER) await this.#refresh();
    return this.#usable() !== undefined;
  }

  #age(): number {
    return this.#clock.now() - this.#fetchedAt;
  }

  #usable(): KeySet | undefined {
    return this.#age() < SERVE_FOR ? this.#keys : undefined;
  }

  #mayAskForUnknown(): boolean {
    const now = this.#clock.now();
    if (now - this.#unknownAt < UNKNOWN_EVERY) return false;
    this.#unknownAt = now;
    return true;
  }

  /** True when new keys came. */
  #refresh(): Promise<boolean> {
    if (this.#flight !== undefined) return this.#flight;
    if (this.#clock.now() - this.#failedAt < PATIENCE) return Promise.resolve(false);
    this.#flight = this.#load().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #load(): Promise<boolean> {
    try {
      this.#keys = await readKeySet(await this.#fetch(this.#url, this.#signal));
      this.#fetchedAt = this.#clock.now();
      return true;
    } catch {
      this.#failedAt = this.#clock.now();
      return false;
    }
  }
}
