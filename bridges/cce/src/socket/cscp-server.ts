import { setTimeout as wait } from 'node:timers/promises';
import type { Engine, EngineLog } from '@fairlead/engine-cce';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import type { EventHistory } from '../service/events/event-history.ts';
import { claimPath } from './claim-path.ts';
import { CscpListener } from './listener.ts';

const CONNECTION_LIMIT = 1024;
/** Running commands get this long to end when the server stops (cce 9). */
const STOP_MS = 5000;

/** Where CSCP is served, and for which engine. */
export interface CscpServerOptions {
  readonly engine: Engine;
  /** Anybody of this machine may connect and is anonymous until AUTH (cce 1.1). */
  readonly serveSocket?: string | undefined;
  /** Whoever can open it has the admin flag: mode 0600, in a folder of mode 0700. */
  readonly adminSocket?: string | undefined;
  /** Most connections of each socket; 1024 unless told. */
  readonly connectionLimit?: number | undefined;
  /** Offer VERSION, SCHEMA and WATCH (cce 1.3), with what WATCH tells. Absent: real CSCP alone. */
  readonly events?: EventHistory | undefined;
  /** Milliseconds that running commands get when the server stops; 5 s unless told. */
  readonly stopMs?: number | undefined;
  readonly log: EngineLog;
}

/** A running CSCP server; disposing says 998 to everybody. */
export interface CscpServer extends AsyncDisposable {
  /** Paths that are served. */
  readonly sockets: readonly string[];
  connections(): number;
}

/** Serves the engine on Unix sockets. Throws `CCE_SOCKET_PATH` when a path cannot be had. */
export async function openCscpServer(options: CscpServerOptions): Promise<CscpServer> {
  const { engine, serveSocket, adminSocket, log, events, stopMs = STOP_MS } = options;
  await using scope = new AsyncScope();
  const limit = options.connectionLimit ?? CONNECTION_LIMIT;
  const listeners: CscpListener[] = [];
  const open = async (path: string | undefined, kind: 'anonymous' | 'admin') => {
    if (path === undefined) return;
    await claimPath(path, { isPrivate: kind === 'admin' });
    const listener = await CscpListener.open({ engine, path, kind, limit, log, events });
    listeners.push(listener);
    scope.defer(() => listener.close(wait(stopMs, undefined, { ref: false })));
    log.info({ socket: path, kind }, 'CSCP is served');
  };
  await open(serveSocket, 'anonymous');
  await open(adminSocket, 'admin');
  const held = scope.move();
  return {
    sockets: listeners.map((one) => one.path),
    connections: () => listeners.reduce((sum, one) => sum + one.connections, 0),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
