import type { Calls } from '../client/paginate.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { RecordKind } from './record.ts';

/** What the inventory needs of a client; every OvhClient is one. */
export interface InventoryClient extends Calls {
  readonly endpoint: Endpoint;
}

/** Answers about one record, as the API gave them. */
export interface CacheEntry {
  /** Of the oldest answer, ms since 1970. */
  readonly readAt: number;
  /** Bodies by route, as `GET /vps/{serviceName}/ips`. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/**
 * Keeps answers, so that a run after an abort asks only for what is missing. Keys are `ovh:<endpoint>:<kind>:<name>`.
 * How long an entry counts is the cache's own matter; one that fails is as good as none.
 */
export interface InventoryCache {
  get(key: string): CacheEntry | undefined | Promise<CacheEntry | undefined>;
  set(key: string, entry: CacheEntry): void | Promise<void>;
}

/** How far the records of one kind are. */
export interface InventoryProgress {
  readonly kind: RecordKind;
  readonly done: number;
  readonly total: number;
}

export interface InventoryOptions {
  /** Name of the account in the records; without, `GET /me` is asked. */
  readonly account?: string | undefined;
  /** Default: all. */
  readonly kinds?: readonly RecordKind[] | undefined;
  /** Names, URNs and tags alone, by the one list of IAM (or, where there is none, the lists of each kind); no instances. */
  readonly minimal?: boolean | undefined;
  /** Calls at once, at most. Default 10; the client's own `concurrency` counts too. */
  readonly concurrency?: number | undefined;
  /** Ends everything; its reason is thrown. What was read until then is in the cache. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: { now(): number } | undefined;
  readonly cache?: InventoryCache | undefined;
  readonly onProgress?: ((progress: InventoryProgress) => void) | undefined;
}
