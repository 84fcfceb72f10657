import type { OvirtStore } from './ovirt-store.ts';
import type { EventRow } from './write-tables.ts';

/** More events than these are forgotten, oldest first. */
const MOST_EVENTS = 100_000;
const ATTEMPTS = 100;

/** Keeps an event under the next number. Two gateways may want the same number: one of them tries again. */
export async function insertEvent(store: OvirtStore, event: Omit<EventRow, 'id'>): Promise<EventRow> {
  for (let attempt = 1; ; attempt++) {
    const last = await store.tables
      .selectFrom('ovirt_events')
      .select((select) => select.fn.max('id').as('id'))
      .executeTakeFirst();
    const row = { ...event, id: Number(last?.id ?? 0) + 1 };
    const kept = await store.tables
      .insertInto('ovirt_events')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (kept !== undefined) return row;
    if (attempt === ATTEMPTS) throw new Error('no number for an event');
  }
}

/** Newest first, at most `limit`; `subject` undefined: everybody's. */
export async function listEvents(
  store: OvirtStore,
  filter: { subject: string | undefined; from: number; limit: number },
): Promise<EventRow[]> {
  let query = store.tables.selectFrom('ovirt_events').selectAll().where('id', '>', filter.from).orderBy('id', 'desc').limit(filter.limit);
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
  return await query.execute();
}

export async function findEvent(store: OvirtStore, id: number): Promise<EventRow | undefined> {
  return await store.tables.selectFrom('ovirt_events').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Forgets old events; the newest stays, so that numbers go on growing. */
export async function purgeEvents(store: OvirtStore, beforeMs: number): Promise<void> {
  const last = await store.tables
    .selectFrom('ovirt_events')
    .select((select) => select.fn.max('id').as('id'))
    .executeTakeFirst();
  const newest = Number(last?.id ?? 0);
  await store.tables.deleteFrom('ovirt_events').where('time_ms', '<', beforeMs).where('id', '<', newest).execute();
  await store.tables
    .deleteFrom('ovirt_events')
    .where('id', '<=', newest - MOST_EVENTS)
    .execute();
}
