import { ConfigurationError } from '../errors/errors.ts';
import type { CallOptions } from './options.ts';
import type { Calls } from './paginate.ts';

export type ItemId = string | number | bigint;

/** One id and what came of it. */
export type Item<T> =
  | { readonly id: ItemId; readonly value: T; readonly error?: undefined }
  | { readonly id: ItemId; readonly value?: undefined; readonly error: unknown };

export interface ExpandOptions extends CallOptions {
  /** Calls at once, at most. Default 10; the client's own `concurrency` counts too. */
  readonly concurrency?: number | undefined;
}

/** Unlike the variables of real routes. */
const ITEM = '$item';
const DEFAULT_CONCURRENCY = 10;

/**
 * `GET path/{id}` for each id, a few at once; the order of the ids is kept. A failing one fails alone, but for `throw`: then nothing more
 * is asked, since what fails may fail for all, each after its retries.
 */
export async function expandItems<T>(
  calls: Calls,
  path: string,
  ids: readonly ItemId[],
  options: ExpandOptions & ItemPolicy = {},
): Promise<Item<T>[]> {
  const { concurrency = DEFAULT_CONCURRENCY, onItemError = 'throw', ...rest } = options;
  if (!(concurrency >= 1)) throw new ConfigurationError('concurrency must be 1 or more');
  const route = `${routeOf(path)}/{${ITEM}}`;
  const items: Item<T>[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < ids.length) {
      options.signal?.throwIfAborted();
      const at = next++;
      const id = ids[at] as ItemId;
      const get = () => calls.request<T>('GET', route, { ...rest, path: { ...rest.path, [ITEM]: id } });
      const item = await itemOf<T>(id, get, options.signal);
      items[at] = item;
      if (onItemError !== 'throw' || item.error === undefined) continue;
      next = ids.length;
      throw item.error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, ids.length) }, work));
  return items;
}

/** The list's path without what belongs to the list alone. */
export function routeOf(path: string): string {
  return path.replace(/\?.*$/s, '').replace(/\/$/, '');
}

async function itemOf<T>(id: ItemId, get: () => Promise<T>, signal: AbortSignal | undefined): Promise<Item<T>> {
  try {
    return { id, value: await get() };
  } catch (error) {
    signal?.throwIfAborted();
    return { id, error };
  }
}

/** What to do about items that failed: throw the first error, leave them out, or give all as they are. */
export type OnItemError = 'throw' | 'skip' | 'collect';

/** Helpers that go through items: what to do about those that failed. */
export interface ItemPolicy {
  /** Default `throw`. `collect` gives each id with its value or its error. */
  readonly onItemError?: OnItemError | undefined;
}
export type Collecting = { readonly onItemError: 'collect' };

/** Items as their caller wants them. */
export function settled<T>(items: Item<T>[], onItemError: OnItemError = 'throw'): T[] | Item<T>[] {
  return onItemError === 'collect' ? items : valuesOf(items, onItemError);
}

/** The values alone. Throws the first error unless told to skip. */
function valuesOf<T>(items: readonly Item<T>[], onItemError: 'throw' | 'skip'): T[] {
  const failed = items.find((item) => item.error !== undefined);
  if (failed !== undefined && onItemError === 'throw') throw failed.error;
  return items.filter((item) => item.error === undefined).map((item) => item.value as T);
}
