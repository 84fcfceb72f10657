import type { Store } from '@fairlead/kernel/store';
import type { Kysely, Transaction } from 'kysely';
import type { ReadTables } from './read-tables.ts';
import type { ToldTables } from './told-tables.ts';
import type { WriteTables } from './write-tables.ts';

/** Every table of this bridge; a side adds its own in its own file. */
export interface OvirtTables extends ReadTables, WriteTables, ToldTables {}

/** The store as this bridge sees it. Queries stand in one file for each group of tables and take this. */
export class OvirtStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get tables(): Kysely<OvirtTables> {
    return this.#store.tables<OvirtTables>();
  }

  /** All or nothing; inside use what the work is given, not `tables`. */
  transaction<T>(work: (trx: Transaction<OvirtTables>) => Promise<T>): Promise<T> {
    return this.#store.transaction<OvirtTables, T>(work);
  }

  isUniqueViolation(error: unknown): boolean {
    return this.#store.isUniqueViolation(error);
  }
}
