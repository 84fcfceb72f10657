import { isUuid } from '@fairlead/kernel/ids';

/** One or more. */
export type NonEmpty<T> = readonly [T, ...T[]];

const MAX_IDS = 100;

/** The id in lower case. @throws RangeError for what is no UUID, so that it never gets into a path or a filter */
export function checkedId(id: string): string {
  if (typeof id !== 'string' || !isUuid(id)) throw new RangeError('an id of Acronis is not a UUID');
  return id.toLowerCase();
}

/** 1 to 100 ids. @throws RangeError */
export function checkedIds(ids: readonly string[]): NonEmpty<string> {
  const [first, ...rest] = ids.map(checkedId);
  if (first === undefined || ids.length > MAX_IDS) throw new RangeError(`1 to ${MAX_IDS} ids are needed, not ${ids.length}`);
  return [first, ...rest];
}
