import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../clock/index.ts';
import type { Dialect, Store } from './store.ts';

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
