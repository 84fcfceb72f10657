import type { Transaction } from 'kysely';

/** The tables of `codbMigrations`. */
export interface CodbTables {
  codb_objects: { oid: number; class: string; version: number; body: string };
  codb_index: { key: string; oid: number; unique_key: string | null };
  codb_free: { first: number; last: number };
  codb_reserved: { oid: number; holder: string; until_ms: number };
  codb_counters: { name: 'version' | 'oids'; value: number };
  codb_facts: { name: string; value: string };
}

export type CodbTransaction = Transaction<CodbTables>;
