import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, type SqliteDatabase } from 'kysely';
import type { Clock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';
import { KyselyStore, listening, type QueryListener } from './kysely-store.ts';
import { PatientSqliteDialect } from './patient-sqlite.ts';
import type { Store } from './store.ts';

/** For the pragmas at opening; later locks are waited for by the dialect. */
const openingMs = 2000;
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_ROWID (extended result codes). */
const uniqueCodes = [1555, 2067, 2579];

/** Opens or makes a database file (mode 0600); `:memory:` lives as long as the store. Throws `FAIRLEAD_STORE`. */
export function openSqlite(
  path: string,
  { clock, onQuery }: { readonly clock: Clock; readonly onQuery?: QueryListener | undefined },
): Store {
  try {
    if (path !== ':memory:') makeFile(path);
    const database = new DatabaseSync(path, { timeout: openingMs });
    // A commit that was acknowledged survives a crash of the machine (design 5).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 0;');
    const db = new Kysely<unknown>({ dialect: new PatientSqliteDialect({ database: adapted(database) }), ...listening(onQuery) });
    return new KyselyStore({ dialect: 'sqlite', db, clock, isUniqueViolation });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw FairleadError('FAIRLEAD_STORE', { reason: `${path}: ${reason}` }, { cause });
  }
}

function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  closeSync(openSync(path, 'a', 0o600));
}

function adapted(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      // A transaction that reads first and writes later would fail at once when another process wrote in between.
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && uniqueCodes.includes(Number(error.errcode));
}
