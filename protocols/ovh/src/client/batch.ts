import { percentEncode } from '../codec/percent.ts';
import { ApiError } from '../errors/api-error.ts';
import { InvalidCallError, OvhError } from '../errors/errors.ts';
import { type ExpandOptions, expandItems, type Item, type ItemId, type ItemPolicy, routeOf } from './expand.ts';
import type { Calls } from './paginate.ts';

export interface BatchOptions extends ExpandOptions {
  /** Ids in one call. Default 50. */
  readonly chunk?: number | undefined;
  /** Between ids; no id may contain it. Default `,`. */
  readonly separator?: string | undefined;
}

/** An item of the answer that is no success; the shape is undocumented, so everything that came is kept. */
export class BatchItemError extends OvhError {
  override readonly name = 'BatchItemError';
  readonly code = 'OVH_BATCH_ITEM';
  readonly answer: unknown;

  constructor(id: ItemId, answer: unknown) {
    super(`The batch has no value for ${id}`);
    this.answer = answer;
  }
}

/**
 * Experimental: many objects in one call by the undocumented header X-Ovh-Batch (spec 3.13). Where the API does not take it,
 * the objects are fetched one by one.
 */
export async function batchItems<T>(
  calls: Calls,
  path: string,
  ids: readonly ItemId[],
  options: BatchOptions & ItemPolicy = {},
): Promise<Item<T>[]> {
  const { chunk = 50, separator = ',', ...rest } = options;
  if (!(chunk >= 1) || separator === '') throw new InvalidCallError('batch: chunk must be 1 or more, separator not empty');
  const bad = ids.find((id) => String(id).includes(separator) || String(id) === '');
  if (bad !== undefined) throw new InvalidCallError(`batch: the id ${JSON.stringify(String(bad))} is empty or contains the separator`);
  const items: Item<T>[] = [];
  for (let from = 0; from < ids.length; from += chunk) {
    const part = ids.slice(from, from + chunk);
    const got = await oneBatch<T>(calls, path, part, { ...rest, separator });
    items.push(...(got ?? (await expandItems<T>(calls, path, part, rest))));
  }
  return items;
}

/** Undefined where the answer is none of a batch. */
async function oneBatch<T>(
  calls: Calls,
  path: string,
  ids: readonly ItemId[],
  { separator, concurrency: _, ...options }: BatchOptions & { readonly separator: string },
): Promise<Item<T>[] | undefined> {
  const list = ids.map((id) => percentEncode(String(id), 'id')).join(separator);
  const headers = { ...options.headers, 'X-Ovh-Batch': separator };
  let answer: unknown;
  try {
    answer = await calls.request('GET', `${routeOf(path)}/${list}`, { ...options, headers });
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) return undefined;
    throw error;
  }
  if (!Array.isArray(answer) || answer.length !== ids.length || !answer.every(isObject)) return undefined;
  const byKey = new Map(answer.filter((item) => item.key !== undefined).map((item) => [String(item.key), item]));
  return ids.map((id, at) => itemOf<T>(id, byKey.get(String(id)) ?? (answer[at] as Record<string, unknown>)));
}

function itemOf<T>(id: ItemId, answer: Record<string, unknown>): Item<T> {
  const failed = answer.error !== undefined && answer.error !== null;
  return failed || !('value' in answer) ? { id, error: new BatchItemError(id, answer) } : { id, value: answer.value as T };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
