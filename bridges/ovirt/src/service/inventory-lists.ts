import type { CloudStackClient, Params } from '@fairlead/cloudstack';
import type { Role } from './caller.ts';
import { KINDS, type KindName } from './inventory-kinds.ts';

/** Who lists, and on which shelf it is kept. */
export interface View {
  readonly client: CloudStackClient;
  readonly role: Role;
  /** `service`, or the digest of the key. */
  readonly scope: string;
}

/** What a list needs beside the view: `renew` is called after each page. */
interface Listing {
  readonly renew: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Every object of a kind, page by page, as JSON by id. */
export function listWhole(view: View, kind: KindName, listing: Listing): Promise<ReadonlyMap<string, string>> {
  const { read, rootOnly } = KINDS[kind];
  if (rootOnly && view.role !== 'root-admin') return Promise.resolve(new Map());
  return gather(view, kind, listing, {
    brief: {},
    entry: (item) => {
      const object = read(item);
      return [object.id, JSON.stringify(object)];
    },
  });
}

/** The ids that a key may list. */
export function listIds(view: View, kind: KindName, listing: Listing): Promise<ReadonlyMap<string, string>> {
  return gather(view, kind, listing, { brief: KINDS[kind].brief ?? {}, entry: (item) => [readId(item), '{}'] });
}

async function gather(
  view: View,
  kind: KindName,
  listing: Listing,
  how: { readonly brief: Params; readonly entry: (item: unknown) => readonly [string, string] },
): Promise<ReadonlyMap<string, string>> {
  const { command, lists } = KINDS[kind];
  const items = new Map<string, string>();
  for (const params of lists(view.role)) {
    for await (const page of view.client.pages(command, { ...params, ...how.brief }, { signal: listing.signal })) {
      for (const item of page) items.set(...how.entry(item));
      await listing.renew();
    }
  }
  return items;
}

function readId(item: unknown): string {
  return typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : '';
}
