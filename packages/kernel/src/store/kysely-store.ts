import { AsyncLocalStorage } from 'node:async_hooks';
import { type Kysely, type LogEvent, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock/index.ts';
import type { Dialect, Store } from './store.ts';

export type QueryOperation = 'select' | 'insert' | 'update' | 'delete' | 'other';

/** One statement: what it was, how long it took, and whether it failed. Never its text or values. */
export type QueryListener = (query: { readonly operation: QueryOperation; readonly ms: number; readonly failed: boolean }) => void;

/** The part of Kysely's configuration that tells the listener. */
export function listening(listener: QueryListener | undefined): { readonly log?: (event: LogEvent) => void } {
  if (listener === undefined) return {};
  return {
    log: ({ level, query, queryDurationMillis: ms }) => listener({ operation: operationOf(query.sql), ms, failed: level === 'error' }),
  };
}

function operationOf(sql: string): QueryOperation {
  const word = /^\s*(select|insert|update|delete)\b/i.exec(sql)?.[1]?.toLowerCase();
  return (word as QueryOperation | undefined) ?? 'other';
}

/** Asks the store for nothing; rejects when it does not answer. */
export async function pingStore(store: Store): Promise<void> {
  await sql`select 1`.execute(store.tables());
}

/** What the store's own clock says, in ms since the epoch; SQLite has that of this machine. */
export async function storeTime(store: Store): Promise<number> {
  if (store.dialect === 'sqlite') return store.clock.now();
  const { rows } = await sql<{ ms: number | string }>`select floor(extract(epoch from clock_timestamp()) * 1000) as ms`.execute(
    store.tables(),
  );
  return Number(rows[0]?.ms);
}

/** A store over any Kysely connection; the dialects differ only in how they were opened and in their word for "is there already". */
export class KyselyStore implements Store {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly isUniqueViolation: (error: unknown) => boolean;
  readonly #db: Kysely<unknown>;
  readonly #inside = new AsyncLocalStorage<true>();

  constructor(parts: Pick<Store, 'dialect' | 'clock' | 'isUniqueViolation'> & { readonly db: Kysely<unknown> }) {
    this.dialect = parts.dialect;
    this.clock = parts.clock;
    this.isUniqueViolation = parts.isUniqueViolation;
    this.#db = parts.db;
  }

  tables<Schema>(): Kysely<Schema> {
    // On one SQLite connection the query would wait for the transaction that waits for the query.
    if (this.#inside.getStore()) throw new TypeError('Inside a transaction use the transaction, not the store');
    return this.#db as unknown as Kysely<Schema>;
  }

  transaction<Schema, T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.tables<Schema>()
      .transaction()
      .execute((trx) => this.#inside.run(true, () => work(trx)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db.destroy();
  }
}
