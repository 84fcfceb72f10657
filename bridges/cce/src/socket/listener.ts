import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { refuseConnection, serveCscp } from '@fairlead/cscp';
import { CONNECTIONS_EXHAUSTED, formatGreeting } from '@fairlead/cscp/codec';
import type { ClientConnection, Engine, EngineLog } from '@fairlead/engine-cce';
import { CceError } from '../errors.ts';
import type { EventHistory } from '../service/events/event-history.ts';
import { ExtendedTarget } from './extended-target.ts';

export interface ListenerOptions {
  readonly engine: Engine;
  readonly path: string;
  readonly kind: 'anonymous' | 'admin';
  readonly limit: number;
  /** VERSION, SCHEMA and WATCH are offered, with what WATCH tells. */
  readonly events?: EventHistory | undefined;
  readonly log: EngineLog;
}

const ON_FIRE = formatGreeting({ version: '0.99', events: [], rollback: false, refused: 999 });

/** One Unix socket and the connections on it. */
export class CscpListener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #closing = new AbortController();
  readonly #running = new Map<Socket, Promise<void>>();

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** Throws `CCE_SOCKET_PATH`. */
  static async open(options: ListenerOptions): Promise<CscpListener> {
    const listener = new CscpListener(options);
    const isOpen = options.kind === 'anonymous';
    // The file is made while `listen` runs: no moment with other rights.
    const umask = process.umask(isOpen ? 0o111 : 0o177);
    listener.#server.listen({ path: options.path, readableAll: isOpen, writableAll: isOpen });
    process.umask(umask);
    try {
      await once(listener.#server, 'listening');
    } catch (cause) {
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it cannot be listened on';
      throw CceError('CCE_SOCKET_PATH', { path: options.path, reason }, { cause });
    }
    return listener;
  }

  get path(): string {
    return this.#options.path;
  }

  get connections(): number {
    return this.#running.size;
  }

  /** Takes no more connections, says 998 to those that are there, and cuts off who is still busy when the promise ends. */
  async close(deadline: Promise<unknown>): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#closing.abort(new Error('the server is shutting down'));
    await Promise.race([Promise.all(this.#running.values()), deadline]);
    for (const socket of this.#running.keys()) socket.destroy();
    await Promise.all(this.#running.values());
    await closed;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#running.size >= this.#options.limit) {
      refuseConnection(socket, CONNECTIONS_EXHAUSTED);
      return;
    }
    const served = this.#serve(socket).finally(() => this.#running.delete(socket));
    this.#running.set(socket, served);
  }

  /** Never rejects. */
  async #serve(socket: Socket): Promise<void> {
    const { engine, path, kind, log, events } = this.#options;
    let connection: ClientConnection;
    try {
      connection = await engine.connect({ kind }, { peer: path });
    } catch (error) {
      log.error({ socket: path, error }, 'a CSCP connection could not be served');
      refuseConnection(socket, ON_FIRE);
      return;
    }
    const onError = (error: unknown) => log.error({ socket: path, error }, 'a CSCP command could not be carried out');
    try {
      const target = events === undefined ? connection : new ExtendedTarget({ engine, connection, events });
      await serveCscp(socket, target, { signal: this.#closing.signal, onError });
    } finally {
      await connection[Symbol.asyncDispose]().catch(onError);
    }
  }
}
