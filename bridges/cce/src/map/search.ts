import { type Criterion, isSortType, type Sort } from '@fairlead/cscp/codec';
import { KEY, NAME, type RefusedCommand, refused, type Search } from './command.ts';
import type { Fields } from './fields.ts';

/** The search of FIND, FINDX, GETOBJECT and GETALL in structured form (cce 6.9 to 6.12), or why there is none. */
export function readSearch(fields: Fields): Search | RefusedCommand {
  const name = fields.filled('class');
  const criteria = [...criteriaOf(fields.values('vars', 'args'), 'equals'), ...criteriaOf(fields.values('regex_args'), 'regex')];
  const order = readOrder(fields);
  if (name === undefined || !NAME.test(name) || !criteria.every(({ key }) => KEY.test(key)) || order === 'unknown') return refused(403);
  return { class: name, criteria, ...order, ...readPage(fields) };
}

/** Which part of the result is wanted; these fields count for a command that is written out as well. */
export function readPage(fields: Fields): Pick<Search, 'offset' | 'limit' | 'props' | 'count'> {
  return { offset: fields.count('offset') ?? 0, limit: fields.count('limit'), props: fields.words('props'), count: fields.flag('count') };
}

function criteriaOf(values: ReadonlyMap<string, string>, match: Criterion['match']): Criterion[] {
  return [...values].map(([key, value]) => ({ key, match, value }));
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['asc', 'ascii'],
  ['desc', 'ascii'],
  ['numeric', 'old_numeric'],
]);

/** cce 6.10: half an order is none, and so is one by something that cannot be a property. */
function readOrder(fields: Fields): { sort: Sort | undefined; descending: boolean } | 'unknown' {
  const said = fields.filled('sorttype');
  const property = fields.filled('sortprop');
  const descending = [said, fields.filled('sortorder')].some((word) => word?.toLowerCase() === 'desc');
  if (said === undefined || property === undefined) return { sort: undefined, descending: false };
  const type = ALIASES.get(said.toLowerCase()) ?? said;
  if (!isSortType(type)) return 'unknown';
  return KEY.test(property) ? { sort: { type, property }, descending } : { sort: undefined, descending: false };
}
