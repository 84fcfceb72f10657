import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
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

/** Reading a statement costs more than carrying it out, and most come again and again. */
const KEPT_STATEMENTS = 256;
const REPEATED = /^(?:select|insert|update|delete|begin|commit)\b/i;

interface Statement {
  readonly statement: StatementSync;
  readonly reader: boolean;
}

function adapted(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, Statement>();
  return {
    close: () => {
      kept.clear();
      database.close();
    },
    prepare(sql) {
      // A transaction that reads first and writes later would fail at once when another process wrote in between.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      const { statement, reader } = kept.get(text) ?? keep(kept, text, prepared(database, text));
      return {
        reader,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        // One of its own: it would begin anew if the same text were carried out meanwhile.
        iterate: (values) => database.prepare(text).iterate(...(values as SQLInputValue[])),
      };
    },
  };
}

function prepared(database: DatabaseSync, text: string): Statement {
  const statement = database.prepare(text);
  return { statement, reader: statement.columns().length > 0 };
}

/** The oldest goes when there are too many; texts differ by the number of their values. */
function keep(kept: Map<string, Statement>, text: string, made: Statement): Statement {
  if (!REPEATED.test(text)) return made;
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= KEPT_STATEMENTS) kept.delete(oldest);
  kept.set(text, made);
  return made;
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && uniqueCodes.includes(Number(error.errcode));
}
