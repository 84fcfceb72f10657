import { asRow, type Json } from '../json.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Match } from './router.ts';

const MOST = 1000;

type ItemOf = (key: string, params: Readonly<Record<string, string>>) => Json;

/**
 * Answers a path in which one variable names several ids (3.13 "batch"): an item for each of them.
 * @param itemOf answers for one id
 */
export function batchOf(match: Match, separator: string, itemOf: ItemOf): Json | undefined {
  const several = Object.entries(match.params).find(([, value]) => value.includes(separator));
  if (several === undefined) return undefined;
  const [name, value] = several;
  const ids = value.split(separator);
  if (ids.length > MOST) throw refuse.badRequest('Too many ids in a batch');
  return ids.map((key) => itemOf(key, { ...match.params, [name]: key }));
}

/** An item that says which id it is about, and why it has no value. */
export function fullItem(key: string, run: () => Json): Json {
  try {
    return { key, value: run() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { key, value: null, error: error.body('current') };
  }
}

/** An item of which nothing but its value is told; one without a value is null. */
export function valueItem(key: string, run: () => Json): Json {
  const { value = null } = asRow(fullItem(key, run)) ?? {};
  return { value };
}
