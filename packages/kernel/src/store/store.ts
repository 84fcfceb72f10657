import type { ColumnDataType, Kysely, Transaction } from 'kysely';
import type { Clock } from '../clock/index.ts';

export type Dialect = 'sqlite' | 'postgres';

/** Where rows live. Times are `bigint` milliseconds, flags 0 or 1, JSON is text: the same in both dialects. */
export interface Store extends AsyncDisposable {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** The tables of one owner. Not inside a transaction: use what `transaction` gives there, or SQLite waits for itself. */
  tables<Schema>(): Kysely<Schema>;
  /** All or nothing. On SQLite transactions run one after the other; on PostgreSQL at READ COMMITTED. Cannot be nested: throws `TypeError`. */
  transaction<Schema, T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Whether an insert or update was refused because such a row is there already. */
  isUniqueViolation(error: unknown): boolean;
}

/** Column types that mean the same in both dialects. PostgreSQL's `bigint` is read as a number; values beyond 2^53 are refused. */
export const column = {
  id: 'text',
  text: 'text',
  json: 'text',
  /** Milliseconds since the epoch. */
  time: 'bigint',
  /** Bytes. */
  size: 'bigint',
  count: 'integer',
  /** 0 or 1. */
  flag: 'integer',
} as const satisfies Record<string, ColumnDataType>;
