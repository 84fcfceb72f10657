import { percentEncode } from '../codec/percent.ts';
import { InvalidCallError, PaginationError } from '../errors/errors.ts';
import { type ExpandOptions, expandItems, type Item, type ItemId, type ItemPolicy } from './expand.ts';
import type { OvhResponse } from './options.ts';
import type { Calls } from './paginate.ts';

export type FilterOperator = 'eq' | 'ne' | 'lt' | 'gt' | 'like' | 'in';

/** `like` has `%` as wildcard; `in` takes a list. */
export interface ListFilter {
  readonly key: string;
  readonly op: FilterOperator;
  readonly value: string | number | boolean | readonly (string | number)[];
}

export interface ListOptions extends ExpandOptions {
  /**
   * How ids become objects: `parallel` asks for each; `server` asks the API for objects (undocumented, spec 3.13) and falls back
   * to `parallel`; `auto` is `server` where the client's metadata says that the API can, else `parallel`; `false` gives the ids.
   * Default `parallel`.
   */
  readonly expand?: 'auto' | 'server' | 'parallel' | false | undefined;
  /** Only with `server`. */
  readonly sort?: string | undefined;
  readonly order?: 'ASC' | 'DESC' | undefined;
  readonly filter?: readonly ListFilter[] | undefined;
  /** Objects in one page of `server`. Default 5000. */
  readonly size?: number | undefined;
  /** `server`: asks past the API's cache. */
  readonly fresh?: boolean | undefined;
}

type ItemOptions = ExpandOptions & ItemPolicy;

const DEFAULT_SIZE = 5000;
/** 5000 pages of the default size: nobody has that many objects. */
const MOST_PAGES = 5000;

/** The objects of a list route of v1, or its ids as values with `expand: false`. */
export async function listItems<T>(calls: Calls, path: string, options: ListOptions & ItemPolicy = {}): Promise<Item<T>[]> {
  const { expand = 'parallel', sort, order, filter, size, fresh, ...rest } = options;
  if (expand === 'server') return fromServer<T>(calls, path, options, rest);
  if (sort !== undefined || order !== undefined || filter !== undefined) {
    throw new InvalidCallError("list: sort, order and filter have an effect only with expand: 'server'");
  }
  const { concurrency: _, onItemError: __, ...plain } = rest;
  const ids = await calls.request<unknown>('GET', path, plain);
  if (!Array.isArray(ids)) throw new PaginationError(`${path} answered with no list`);
  if (expand === false || !ids.every(isId)) return ids.map((value: T, at) => ({ id: isId(value) ? value : at, value }));
  return expandItems<T>(calls, path, ids, withoutQuery(rest));
}

async function fromServer<T>(calls: Calls, path: string, options: ListOptions, rest: ItemOptions): Promise<Item<T>[]> {
  const size = options.size ?? DEFAULT_SIZE;
  const { concurrency: _, onItemError: __, ...plain } = rest;
  const items: T[] = [];
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const headers = { ...rest.headers, ...pageHeaders(options, size, number) };
    const page: OvhResponse<unknown> = await calls.request<unknown>('GET', path, { ...plain, headers }).withResponse();
    const { data } = page;
    if (!Array.isArray(data)) throw new PaginationError(`${path} answered with no list`);
    if (data.some(isId)) return fallback<T>({ calls, path, ids: data.filter(isId), options, rest });
    items.push(...(data as T[]));
    const total = page.pagination.elements;
    if (data.length === 0 || (total === undefined ? data.length < size : items.length >= total)) {
      return items.map((value, id) => ({ id, value }));
    }
  }
  throw new PaginationError(`${path} has more than ${MOST_PAGES} pages`);
}

interface Fallback {
  readonly calls: Calls;
  readonly path: string;
  readonly ids: readonly ItemId[];
  readonly options: ListOptions;
  readonly rest: ItemOptions;
}

/** Scalars: the route does not know the mode, and then neither sorting nor filtering. */
function fallback<T>({ calls, path, ids, options, rest }: Fallback): Promise<Item<T>[]> {
  if (options.sort !== undefined || options.filter !== undefined) {
    throw new PaginationError(`${path} lists ids, not objects: it can neither sort nor filter them`);
  }
  return expandItems<T>(calls, path, ids, withoutQuery(rest));
}

function pageHeaders(options: ListOptions, size: number, number: number): Record<string, string> {
  const { sort, order, filter, fresh } = options;
  return {
    'X-Pagination-Mode': 'CachedObjectList-Pages',
    'X-Pagination-Number': String(number),
    'X-Pagination-Size': String(size),
    ...(sort === undefined ? {} : { 'X-Pagination-Sort': sort }),
    ...(order === undefined ? {} : { 'X-Pagination-Sort-Order': order }),
    ...(filter === undefined || filter.length === 0 ? {} : { 'X-Pagination-Filter': filterText(filter) }),
    ...(fresh === true ? { Pragma: 'no-cache' } : {}),
  };
}

/** `key:op=value&key2:op=value`, each part percent-encoded; the elements of `in` stay apart by commas. */
function filterText(filter: readonly ListFilter[]): string {
  return filter
    .map(({ key, op, value }) => {
      const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value];
      return `${percentEncode(key, 'a filter')}:${op}=${values.map((one) => percentEncode(String(one), `the filter ${key}`)).join(',')}`;
    })
    .join('&');
}

/** The query filters the list; the object's own route does not know it. */
function withoutQuery({ query: _, ...rest }: ItemOptions): ItemOptions {
  return rest;
}

function isId(value: unknown): value is ItemId {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
