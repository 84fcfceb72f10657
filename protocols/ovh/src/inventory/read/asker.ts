import { systemClock } from '../../client/clock.ts';
import { Limiter } from '../../client/limiter.ts';
import type { CallOptions, OvhResponse } from '../../client/options.ts';
import { Pages } from '../../client/paginate.ts';
import { isOvhError, type OvhErrorCode } from '../../errors/errors.ts';
import type { InventoryClient } from '../options.ts';

export interface AskerOptions {
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Variables = Readonly<Record<string, string>>;

const DEFAULT_CONCURRENCY = 10;
/** Resources in a page of IAM. */
const PAGE_SIZE = 500;

/** These say that no call will do better. */
const HOPELESS: ReadonlySet<OvhErrorCode> = new Set<OvhErrorCode>([
  'OVH_CLOSED',
  'OVH_CONFIGURATION',
  'OVH_INVALID_CREDENTIAL',
  'OVH_INVALID_KEY',
  'OVH_INVALID_SIGNATURE',
  'OVH_MISSING_CONSUMER_KEY',
  'OVH_NETWORK',
  'OVH_NOT_CREDENTIAL',
  'OVH_OAUTH2',
  'OVH_TIMEOUT',
  'OVH_TIME_SYNC',
  'OVH_UNAUTHENTICATED',
]);
/** So many of them in a row, and the rest is not asked: an API that is down, or a key that ended meanwhile. */
const ENOUGH = 20;

/**
 * Asks a few things at once. When nothing works any more, what was not asked yet fails with the last error at once, rather than
 * each after all its retries.
 */
export class Asker {
  readonly #client: InventoryClient;
  readonly #limiter: Limiter;
  /** Aborts when the caller wants no more. */
  readonly signal: AbortSignal;
  /** Calls that were answered well. */
  successes = 0;
  /** What the first call that failed was told. */
  firstError: unknown;
  #hopeless = 0;
  #lastError: unknown;

  /** Throws ConfigurationError for a concurrency below 1. */
  constructor(client: InventoryClient, { concurrency = DEFAULT_CONCURRENCY, signal }: AskerOptions) {
    this.#client = client;
    this.#limiter = new Limiter({ concurrency }, systemClock);
    this.signal = signal ?? new AbortController().signal;
  }

  /** The body of an answer. Throws the reason of the signal, or the call's error. */
  async get(route: string, path: Variables = {}, query: CallOptions['query'] = undefined): Promise<unknown> {
    const release = await this.#limiter.acquire(this.signal);
    try {
      if (this.#hopeless >= ENOUGH) throw this.#lastError;
      const body = await this.#client.request<unknown>('GET', route, { path, query, signal: this.signal });
      this.#succeeded();
      return body;
    } catch (error) {
      this.signal.throwIfAborted();
      this.#failed(error);
      throw error;
    } finally {
      release();
    }
  }

  /** The pages of a list of v2, each retried on its own. */
  async *pages(route: string, query: CallOptions['query']): AsyncGenerator<readonly unknown[], void, undefined> {
    const pages = new Pages<unknown>(this.#client, route, { query, size: PAGE_SIZE, signal: this.signal });
    try {
      for await (const page of pages.pages() as AsyncGenerator<OvhResponse<unknown[]>>) {
        this.#succeeded();
        yield page.data;
      }
    } catch (error) {
      this.signal.throwIfAborted();
      this.#failed(error);
      throw error;
    }
  }

  #succeeded(): void {
    this.successes += 1;
    this.#hopeless = 0;
  }

  #failed(error: unknown): void {
    if (this.#hopeless >= ENOUGH) return;
    this.firstError ??= error;
    this.#lastError = error;
    this.#hopeless = isOvhError(error) && HOPELESS.has(error.code) ? this.#hopeless + 1 : 0;
  }
}
