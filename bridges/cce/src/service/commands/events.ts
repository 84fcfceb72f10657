import type { Answer } from '../../map/answer.ts';
import type { Command, EventFilter } from '../../map/command.ts';
import type { Answerable } from '../../map/json.ts';
import type { EventRow } from '../../store/queue-tables.ts';
import { eventText, readableEvents } from '../events/readable-events.ts';
import { allowsClass, type Call, requireIdentity, withConnection } from './call.ts';

/** Events that are looked at in one go. */
const PAGE = 500;

/** What a look at the history found: events that the caller may know, and up to which number it went. */
export interface SeenEvents {
  readonly events: readonly ShownEvent[];
  readonly upTo: number;
}

/** An event as JSON shows it (cce 12.1). */
export interface ShownEvent {
  readonly id: string;
  readonly json: Answerable;
}

/** EVENTS: waits for events after `since`, for as long as asked; without `since` for the next ones. */
export async function answerEvents(call: Call, { since, timeoutS, filter }: Extract<Command, { kind: 'events' }>): Promise<Answer> {
  await requireIdentity(call);
  const { events: history, clock } = call.parts;
  using _place = history.watch();
  const end = clock.now() + timeoutS * 1000;
  let from = eventNumber(since) ?? (await history.last());
  let hasWaited = false;
  for (;;) {
    const seen = await eventsAfter(call, from, filter);
    const isMore = seen.upTo > from;
    from = seen.upTo;
    if (seen.events.length > 0 || clock.now() >= end) {
      if (hasWaited) await requireStill(call);
      const { capabilities } = call.parts.backend;
      return {
        status: 201,
        message: 'OK',
        data: { events: seen.events.map(({ json }) => json), last: String(from), source: capabilities.events },
      };
    }
    if (isMore) continue;
    hasWaited = true;
    await history.more(call.signal);
  }
}

/** A token may have ended while its owner waited. Rejects then as for any command. */
async function requireStill({ caller, parts, request }: Call): Promise<void> {
  await parts.gatekeeper.authorize(caller, { verb: request.verb, ...request.credentials });
}

/** The number behind `since` or `Last-Event-ID`. */
export function eventNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The next page of events that fit and that the caller may read. */
export async function eventsAfter(call: Call, from: number, filter: EventFilter): Promise<SeenEvents> {
  const rows = await call.parts.events.after(from, PAGE);
  const wanted = rows.filter((row) => fits(row, filter) && allowsClass(call, row.class));
  const events =
    wanted.length === 0
      ? []
      : await withConnection(call, (connection) => readableEvents(wanted, (oids) => connection.readObjects(oids, call.signal)));
  return { events: events.map((row) => ({ id: String(row.id), json: shown(row) })), upTo: rows.at(-1)?.id ?? from };
}

function fits(row: EventRow, { class: name, oid }: EventFilter): boolean {
  return (name === undefined || row.class === name) && (oid === undefined || row.oid === oid);
}

function shown(row: EventRow): Answerable {
  return { id: String(row.id), txn: row.txn, oid: row.oid, class: row.class, event: eventText(row), type: row.kind };
}
