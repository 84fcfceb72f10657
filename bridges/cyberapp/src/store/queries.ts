import type { Store } from '@fairlead/kernel/store';
import type { Kysely } from 'kysely';
import type { CyberappTables } from './tables.ts';

/** Tables, or a transaction on them: queries that a service may use inside of a larger one take this. */
export type Db = Kysely<CyberappTables>;

/** Reads a row so that nobody changes it before this transaction ends: SQLite runs one transaction at a time anyway. */
export function lockedWhere(store: Store): <Q extends { forUpdate(): Q }>(query: Q) => Q {
  return (query) => (store.dialect === 'postgres' ? query.forUpdate() : query);
}

/** A pattern for everything below a path, the organization itself included. Ids hold no wildcard. */
export function belowPattern(path: string): string {
  return `${path}%`;
}
