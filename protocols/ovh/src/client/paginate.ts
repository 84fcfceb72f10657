import { PaginationError } from '../errors/errors.ts';
import type { CallOptions, OvhResponse, Pending } from './options.ts';

/** What the helpers need of a client. */
export interface Calls {
  request<T>(method: string, path: string, options?: CallOptions): Pending<T>;
}

export interface PageOptions extends CallOptions {
  /** How many items a page shall have; the API's own choice without. */
  readonly size?: number | undefined;
}

/** A list in pages of v2: iterate over items, over pages, or take all. Each use starts at the first page. */
export class Pages<T> implements AsyncIterable<T> {
  readonly #calls: Calls;
  readonly #path: string;
  readonly #options: PageOptions;

  constructor(calls: Calls, path: string, options: PageOptions) {
    this.#calls = calls;
    this.#path = path;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /**
   * Page by page with headers and query id. The same query goes with every page; each page is retried on its own.
   * Throws PaginationError for a cursor that comes again, and for an answer that is no list.
   */
  async *pages(): AsyncGenerator<OvhResponse<T[]>, void, undefined> {
    const { size, headers, ...rest } = this.#options;
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      this.#options.signal?.throwIfAborted();
      const paging: Record<string, string> = { ...headers };
      if (size !== undefined) paging['X-Pagination-Size'] = String(size);
      if (cursor !== undefined) paging['X-Pagination-Cursor'] = cursor;
      const page: OvhResponse<T[]> = await this.#calls.request<T[]>('GET', this.#path, { ...rest, headers: paging }).withResponse();
      if (!Array.isArray(page.data)) throw new PaginationError(`${this.#path} answered with no list`);
      yield page;
      cursor = page.pagination.cursorNext;
      if (cursor !== undefined && seen.has(cursor)) throw new PaginationError(`${this.#path} gave the same cursor twice`);
      if (cursor !== undefined) seen.add(cursor);
    } while (cursor !== undefined);
  }

  /** All items, or the first `limit`; no page is fetched beyond that. */
  async all({ limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {}): Promise<T[]> {
    const items: T[] = [];
    if (limit <= 0) return items;
    for await (const item of this) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }
}
