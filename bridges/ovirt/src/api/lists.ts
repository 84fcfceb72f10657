import { matches, parseSearch, type SearchRules, type TypeName } from '@fairlead/ovirt/codec';
import type { Call, Route } from './route.ts';

/** How the items of a list are searched. */
export interface Searchable<T> extends SearchRules {
  /** The value, or all values, of a search field of one item; with an empty name everything that free text looks at. */
  readonly fieldOf: (item: T, field: string) => string | readonly string[] | undefined;
}

/** Size of a page of a search without `max` (ovirt 2.6). */
const PAGE_SIZE = 100;

/** The items that `search` and `max` leave, sorted and paged as asked. Throws `OVIRT_WIRE_BAD_SEARCH`. */
export function selected<T>(call: Call, items: readonly T[], searchable: Searchable<T>): readonly T[] {
  const { expression, page, sortBy } = parseSearch(call.search, searchable);
  const options = { caseSensitive: call.caseSensitive };
  const found =
    expression === undefined ? items : items.filter((item) => matches(expression, (field) => searchable.fieldOf(item, field), options));
  const sorted = sortBy === undefined ? found : found.toSorted(byField(searchable, sortBy));
  const size = call.max ?? PAGE_SIZE;
  if (page !== undefined) return sorted.slice((page - 1) * size, page * size);
  return call.max === undefined ? sorted : sorted.slice(0, call.max);
}

/** `GET` of a collection. `type` is that of one member. */
export function listed(path: string, type: TypeName, objects: (call: Call) => Promise<readonly object[]>): Route {
  return { method: 'GET', path, handle: async (call) => ({ status: 200, type, objects: await objects(call) }) };
}

/** The one object of a list of one. */
export function only(objects: readonly object[]): object {
  return objects[0] ?? {};
}

function byField<T>(searchable: Searchable<T>, sortBy: { readonly field: string; readonly descending: boolean }): (a: T, b: T) => number {
  const key = (item: T) => [searchable.fieldOf(item, sortBy.field) ?? ''].flat()[0] ?? '';
  const direction = sortBy.descending ? -1 : 1;
  return (a, b) => direction * key(a).localeCompare(key(b), 'en', { numeric: true });
}
