import type { Json } from '../json.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Match } from './router.ts';

const MOST = 1000;

/**
 * Answers a path in which one variable names several ids (3.13 "batch"): an item for each of them.
 * @param run answers for one id
 */
export function batchOf(match: Match, separator: string, run: (params: Readonly<Record<string, string>>) => Json): Json | undefined {
  const several = Object.entries(match.params).find(([, value]) => value.includes(separator));
  if (several === undefined) return undefined;
  const [name, value] = several;
  const ids = value.split(separator);
  if (ids.length > MOST) throw refuse.badRequest('Too many ids in a batch');
  return ids.map((key) => item(key, () => run({ ...match.params, [name]: key })));
}

function item(key: string, run: () => Json): Json {
  try {
    return { key, value: run() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { key, value: null, error: error.body('current') };
  }
}
