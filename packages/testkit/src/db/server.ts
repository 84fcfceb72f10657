import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';
import { until } from '../until/index.ts';

/** A PostgreSQL server that lives as long as this process, on a unix socket of its own. */
export interface TestServer {
  /** URL of one of its databases. */
  urlOf(database: string): string;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const superuser = 'fairlead';

/**
 * Ends the server when the pipe from this process closes, however the process ended, and removes its folder.
 * SIGQUIT ends PostgreSQL at once; nothing of it is kept.
 */
const keeper =
  '"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 >"$2/log" 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$2"';

/** The folder of `initdb` and `postgres`: on the PATH, else the newest of Debian's. */
export function findPostgres(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => existsSync(join(folder, 'postgres')));
  const debian = globSync('/usr/lib/postgresql/*/bin/postgres').map((file) => dirname(file));
  return onPath[0] ?? debian.sort((a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]))[0];
}

/** Makes a cluster and starts it. Throws when it does not come up within 30 s. */
export async function startServer(programs: string): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-pg-'));
  const account = unprivileged();
  if (account) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o755);
  const as = { cwd: folder, ...account };
  try {
    const args = ['-D', join(folder, 'data'), '-U', superuser, '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(programs, 'initdb'), args, { ...as, stdio: 'pipe', timeout: 60_000 });
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error('initdb failed', { cause });
  }
  const child = spawn('/bin/sh', ['-c', keeper, 'keeper', programs, folder], {
    ...as,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const urlOf = (database: string) => `postgres://${superuser}@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error('PostgreSQL ended at once')));
  await until(() => answers(urlOf('postgres')), { timeoutMs: 30_000, what: 'PostgreSQL to answer', signal: ended.signal });
  letGo(child);
  return { urlOf };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  try {
    await client.connect();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** This process may end while the server runs. */
function letGo(child: ChildProcess): void {
  child.unref();
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
}
