import { isObject, type JsonObject } from '../codec/read.ts';
import type { Caller } from './caller.ts';
import { acronisClass } from './outcome.ts';

/** What a list is made of. */
export interface Listing<T> {
  readonly name: string;
  readonly caller: Caller;
  readonly signal: AbortSignal | undefined;
  /** The path of a page. */
  readonly path: (after: string | undefined) => string;
  /** Reads one item; undefined when it is none. */
  readonly read: (item: JsonObject) => T | undefined;
  readonly idOf: (item: T) => string;
}

interface Page {
  readonly items: readonly JsonObject[];
  readonly after: string | undefined;
}

const MAX_PAGES = 10_000;
/** How often a list is begun anew because the place of its next page is gone. */
const MAX_RESTARTS = 2;

/**
 * All items, each once, however pages overlap. When Acronis does not know the place of the next page any more, the list begins anew,
 * so that nothing is missed.
 * @throws ACRONIS_PROTOCOL for items that are none and lists without end, and what any call throws
 */
export async function* listAll<T>(listing: Listing<T>): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  const cursors = new Set<string>();
  let [after, restarts]: [string | undefined, number] = [undefined, 0];
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page: Page | 'lost' = await nextPage(listing, after, restarts < MAX_RESTARTS);
    if (page === 'lost') {
      restarts += 1;
      after = undefined;
      cursors.clear();
      continue;
    }
    yield* unseen(listing, page.items, seen);
    if (page.after === undefined) return;
    if (cursors.has(page.after)) throw listing.caller.unusable(listing, 'a list that leads back to its own page');
    cursors.add(page.after);
    after = page.after;
  }
  throw listing.caller.unusable(listing, `a list of more than ${MAX_PAGES} pages`);
}

async function nextPage<T>(listing: Listing<T>, after: string | undefined, mayRestart: boolean): Promise<Page | 'lost'> {
  const { caller, name, signal, path } = listing;
  try {
    const value = await caller.call({ name, method: 'GET', path: path(after), effect: 'repeatable', expects: 'json', signal });
    return pageOf(listing, value);
  } catch (error) {
    if (after !== undefined && mayRestart && acronisClass(error) === 'refused') return 'lost';
    throw error;
  }
}

function pageOf<T>({ caller, name }: Listing<T>, { items, paging }: JsonObject): Page {
  if (!Array.isArray(items) || !items.every(isObject)) throw caller.unusable({ name }, 'no list of items');
  const cursors = isObject(paging) ? paging.cursors : undefined;
  const after = isObject(cursors) ? cursors.after : undefined;
  return { items, after: typeof after === 'string' && after !== '' ? after : undefined };
}

function* unseen<T>({ caller, name, read, idOf }: Listing<T>, items: readonly JsonObject[], seen: Set<string>): Generator<T> {
  for (const item of items) {
    const value = read(item);
    if (value === undefined) throw caller.unusable({ name }, 'an item without the members it must have');
    const id = idOf(value);
    if (!seen.has(id)) yield value;
    seen.add(id);
  }
}
