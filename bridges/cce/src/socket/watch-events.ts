import type { WatchOperation, WatchOptions } from '@fairlead/cscp';
import { isWatched, type Reply, type ReplyLine, type WatchFilter } from '@fairlead/cscp/codec';
import type { ClientConnection, Schema } from '@fairlead/engine-cce';
import { CceError } from '../errors.ts';
import type { EventHistory } from '../service/events/event-history.ts';
import { eventName, eventText, readableEvents } from '../service/events/readable-events.ts';
import type { EventRow } from '../store/queue-tables.ts';
import { refusedFilter } from './refused-filter.ts';

export interface WatchParts {
  readonly events: EventHistory;
  readonly connection: Pick<ClientConnection, 'readObjects'>;
  readonly schema: Schema;
}

/** Events that are looked at in one go. */
const PAGE = 500;
/** Each event is held against every filter. */
const MOST_FILTERS = 100;

const OK: Reply = { lines: [], end: 201 };
const BAD_PARAMETERS: Reply = { lines: [], end: 403 };

/**
 * WATCH (cce 12.1): `112 TXN` and `101 EVENT` lines of what is committed from now on, as far as the watcher may read it. Nothing is kept for a watcher:
 * the history has it. One who is so slow that the history has forgotten what comes next is told so and watches no more.
 */
export async function watchEvents(parts: WatchParts, { filters }: WatchOperation, options: WatchOptions): Promise<Reply> {
  if (filters.length > MOST_FILTERS) return BAD_PARAMETERS;
  const refused = refusedFilter(parts.schema, filters);
  if (refused !== undefined) return { lines: [refused], end: 401 };
  try {
    using _place = parts.events.watch();
    return await follow(parts, filters, options);
  } catch (error) {
    if (CceError.is(error, 'CCE_TOO_MANY_WATCHERS')) return ended('TOO MANY WATCHERS');
    // A look at the objects ends with the watch.
    if (options.signal.aborted) return OK;
    throw error;
  }
}

async function follow(parts: WatchParts, filters: readonly WatchFilter[], { signal, tell }: WatchOptions): Promise<Reply> {
  const { events, connection } = parts;
  let at = await events.last();
  let transaction = '';
  await tell([{ code: 113, status: 'WATCHING' }]);
  while (!signal.aborted) {
    const rows = await events.after(at, PAGE);
    const [first] = rows;
    // They are numbered without a gap.
    if (first !== undefined && first.id > at + 1) return ended('EVENTS LOST');
    const wanted = rows.filter((row) => isWatched(filters, { class: row.class, namespace: row.namespace, name: eventName(row) }));
    const readable = await readableEvents(wanted, (oids) => connection.readObjects(oids, signal));
    await tell(linesOf(readable, transaction));
    transaction = readable.at(-1)?.txn ?? transaction;
    at = rows.at(-1)?.id ?? at;
    if (rows.length === 0) await events.more(signal);
  }
  return OK;
}

function ended(text: string): Reply {
  return { lines: [{ code: 306, text }], end: 401 };
}

/** Every transaction is named once, before its events. */
function linesOf(rows: readonly EventRow[], former: string): readonly ReplyLine[] {
  let transaction = former;
  return rows.flatMap((row): readonly ReplyLine[] => {
    const event: ReplyLine = { code: 101, event: eventText(row) };
    if (row.txn === transaction) return [event];
    transaction = row.txn;
    return [{ code: 112, transaction }, event];
  });
}
