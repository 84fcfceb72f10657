import { Kysely, PostgresDialect } from 'kysely';
import type { Clock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import { KyselyStore, listening, type QueryListener } from './kysely-store.ts';
import type { Store } from './store.ts';

interface PostgresOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly onQuery?: QueryListener | undefined;
}

const int8 = 20;
const uniqueViolation = '23505';

/** Opens a pool of at most 10 connections and asks the server once. Throws `FAIRLEAD_STORE`, never naming the password. */
export async function openPostgres(url: string, { log, clock, onQuery }: PostgresOptions): Promise<Store> {
  // Loaded when it is needed: an agent with its own SQLite never does.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    application_name: 'fairlead',
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === int8 ? readInt8 : pg.types.getTypeParser(oid, format)) },
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to the store ended'));
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw FairleadError('FAIRLEAD_STORE', { reason: `${placeOf(url)}: ${reason}` }, { cause });
  }
  return new KyselyStore({
    dialect: 'postgres',
    db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), ...listening(onQuery) }),
    clock,
    isUniqueViolation,
  });
}

/** A count or time beyond 2^53 would be changed silently. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond 2^53`);
  return value;
}

function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed ? `postgres://${parsed.host}${parsed.pathname}` : 'the PostgreSQL of [store] url';
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === uniqueViolation;
}
