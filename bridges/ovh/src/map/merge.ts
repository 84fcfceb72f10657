import type { Inventory, InventoryRecord, RecordError, RecordKind } from '@fairlead/ovh/inventory';
import { mergedRecord } from './merge-record.ts';

/** What a list that failed as a whole would have held; of a list that is not known here it may be anything. */
const LISTS: readonly (readonly [RegExp, readonly RecordKind[]])[] = [
  [/^GET \/dedicated\/server\b/, ['baremetal']],
  [/^GET \/vps\b/, ['vps']],
  [/^GET \/cloud\/project\b/, ['cloud-instance']],
  [/^GET \/domain\b/, ['domain']],
  [/^GET \/ip\b/, ['ip']],
  // Names and tags of all kinds: their own lists say what there is.
  [/^GET \/v2\/iam\b/, []],
  [/^GET \/me\b/, []],
];

const ALL: readonly RecordKind[] = ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'];

const MOST_RECORDS = 100_000;

/**
 * What is known after a look: what was read, and of what could not be read the last that is known. A record goes only when the list that
 * would hold it was read. Kinds that were not asked for go.
 */
export function mergedRecords(
  former: readonly InventoryRecord[],
  now: Inventory,
  kinds: readonly RecordKind[],
): readonly InventoryRecord[] {
  const known = new Map(former.map((record) => [markOf(record), record]));
  const unread = unreadKinds(now, kinds);
  const merged = new Map<string, InventoryRecord>();
  for (const record of now.records.flatMap(keepable).slice(0, MOST_RECORDS)) {
    const mark = markOf(record);
    if (!merged.has(mark)) merged.set(mark, mergedRecord(known.get(mark), record, now.errors));
  }
  for (const record of former) if (unread.has(record.kind) && !merged.has(markOf(record))) merged.set(markOf(record), record);
  return [...merged.values()].toSorted(
    (a, b) => ALL.indexOf(a.kind) - ALL.indexOf(b.kind) || Number(a.name > b.name) - Number(a.name < b.name),
  );
}

/** The kinds of which a list, or a part of one, could not be read. */
export function unreadKinds(now: Inventory, kinds: readonly RecordKind[]): ReadonlySet<RecordKind> {
  return new Set(now.errors.flatMap(kindsOfList).filter((kind) => kinds.includes(kind)));
}

/** Texts that a row can hold and a person can read. */
const PLAIN_NAME = /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,300}$/u;
const PLAIN_ID = /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,600}$/u;

/** Nobody can name a thing by any other text; a URN that is none is as good as unknown. */
function keepable(record: InventoryRecord): readonly InventoryRecord[] {
  const { id, endpoint, kind, name } = record;
  if (!PLAIN_NAME.test(name)) return [];
  return [PLAIN_ID.test(id) ? record : { ...record, id: `ovh:${endpoint}:${kind}:${name}` }];
}

function kindsOfList({ route }: RecordError): readonly RecordKind[] {
  return LISTS.find(([pattern]) => pattern.test(route))?.[1] ?? ALL;
}

function markOf({ kind, name }: InventoryRecord): string {
  return `${kind} ${name}`;
}
