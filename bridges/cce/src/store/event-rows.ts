import type { Store } from '@fairlead/kernel/store';
import type { Kysely, Transaction } from 'kysely';
import type { EventRow, QueueTables } from './queue-tables.ts';

/** cce 12.1: so many can be replayed. */
const MOST_EVENTS = 10_000;
const ATTEMPTS = 20;
/** Rows in one statement. */
const CHUNK = 100;

/** Rows of events. */
export class EventRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds events under the next numbers; another gateway may want the same ones, then again. */
  async add(events: readonly Omit<EventRow, 'id'>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#store.transaction((trx: Transaction<QueueTables>) => addInside(trx, events));
      } catch (error) {
        if (attempt === ATTEMPTS || !this.#store.isUniqueViolation(error)) throw error;
      }
    }
  }

  async after(id: number, limit: number): Promise<readonly EventRow[]> {
    return await this.#tables.selectFrom('cce_events').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
  }

  last(): Promise<number> {
    return newest(this.#tables);
  }

  get #tables(): Kysely<QueueTables> {
    return this.#store.tables<QueueTables>();
  }
}

async function addInside(trx: Transaction<QueueTables>, events: readonly Omit<EventRow, 'id'>[]): Promise<void> {
  const last = await newest(trx);
  const rows = events.map((event, index) => ({ ...event, id: last + 1 + index }));
  for (let at = 0; at < rows.length; at += CHUNK) {
    await trx
      .insertInto('cce_events')
      .values(rows.slice(at, at + CHUNK))
      .execute();
  }
  await trx
    .deleteFrom('cce_events')
    .where('id', '<=', last + rows.length - MOST_EVENTS)
    .execute();
}

async function newest(db: Kysely<QueueTables>): Promise<number> {
  const row = await db
    .selectFrom('cce_events')
    .select((select) => select.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}
