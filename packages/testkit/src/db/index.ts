import pg from 'pg';
import { findPostgres, startServer, type TestServer } from './server.ts';

/** An empty database of its own; disposing drops it, whoever is still connected. */
export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
}

let server: Promise<TestServer> | undefined;
let made = 0;

/**
 * For `describe.skipIf(lacksPostgres())`: true, with a printed reason, when PostgreSQL is not installed.
 * Under `CI` or `FAIRLEAD_TEST_ALL=1` nothing may be skipped, so there its absence throws.
 */
export function lacksPostgres(): boolean {
  if (findPostgres()) return false;
  const reason = 'PostgreSQL is not installed (Debian package postgresql)';
  if (process.env.CI || process.env.FAIRLEAD_TEST_ALL === '1') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return true;
}

/** A new database on a real PostgreSQL, which starts with the first one and ends with this process. Throws when it is not installed. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const programs = findPostgres();
  if (!programs) throw new Error('PostgreSQL is not installed (Debian package postgresql)');
  server ??= startServer(programs);
  const { urlOf } = await server;
  made += 1;
  const name = `test_${process.pid}_${made}`;
  await command(urlOf('postgres'), `create database ${name} template template0`);
  return {
    url: urlOf(name),
    [Symbol.asyncDispose]: () => command(urlOf('postgres'), `drop database if exists ${name} with (force)`),
  };
}

async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 30_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
