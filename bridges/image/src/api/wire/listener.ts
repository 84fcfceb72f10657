import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import https, { type ServerOptions } from 'node:https';
import type { AddressInfo, ListenOptions, Socket } from 'node:net';
import { FairleadError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import { send, sendRaw } from './answer.ts';
import { ClientConnection } from './client-connection.ts';
import { wireRefusal } from './refusals.ts';

/** One request with its connection. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: ClientConnection;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
}

export interface ListenerOptions {
  readonly name: string;
  readonly address: ListenOptions;
  /** Without it plain HTTP is spoken: on Unix sockets only. */
  readonly tls?: ServerOptions;
  readonly log: Log;
  /** Answers one exchange; resolves when the answer is on its way. Must not throw. */
  readonly handle: (exchange: Exchange) => Promise<void>;
  readonly maxConnections?: number;
}

const HIGH_WATER_MARK = 1024 * 1024;
const CLOSE_MS = 5000;

/** A listener of the data plane on Node's own server, with the manners of imageio 2.10 and 2.12. */
export class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Map<Socket, ClientConnection>();
  readonly #sockets = new Set<Socket>();
  readonly #options: ListenerOptions;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    const settings = { highWaterMark: HIGH_WATER_MARK, requireHostHeader: false, noDelay: true, allowHalfOpen: true };
    const server = options.tls
      ? https.createServer({ ...options.tls, ...settings, minVersion: 'TLSv1.2', honorCipherOrder: true, handshakeTimeout: 10_000 })
      : http.createServer(settings);
    // Own timers on the progress of each socket take their place.
    Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 65_000, timeout: 0 });
    this.#server = server;
    this.#wire();
  }

  /** Throws `FAIRLEAD_LISTEN`. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    listener.#server.listen(options.address);
    try {
      await once(listener.#server, 'listening');
    } catch (error) {
      const { host, port, path } = options.address;
      const reason = error instanceof Error ? error.message : String(error);
      throw FairleadError('FAIRLEAD_LISTEN', { address: path ?? `${host}:${port} (${options.name})`, reason }, { cause: error });
    }
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Uses another certificate for new connections. */
  renew(tls: ServerOptions): void {
    if (this.#server instanceof https.Server) this.#server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  }

  /** Stops taking connections, lets running requests end for a moment, cuts the rest. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const cutAll = () => {
      for (const socket of this.#sockets) socket.destroy();
    };
    const busy = [...this.#connections.values()].filter((connection) => connection.busy);
    const timer = setTimeout(cutAll, CLOSE_MS);
    await Promise.race([Promise.all(busy.map((connection) => connection.idle)), closed]);
    cutAll();
    await closed;
    clearTimeout(timer);
  }

  #wire(): void {
    const server = this.#server;
    const listen =
      (expectsContinue: boolean): RequestListener =>
      (request, response) =>
        this.#accept(request, response, expectsContinue);
    server.on(this.#options.tls ? 'secureConnection' : 'connection', (socket: Socket) => this.#connected(socket));
    server.on('request', listen(false));
    server.on('checkContinue', listen(true));
    server.on('timeout', (socket: Socket) => this.#connections.get(socket)?.timedOut());
    server.on('clientError', (error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, socket: Socket) =>
      this.#malformed(error, socket),
    );
    server.on('tlsClientError', (error: Error) =>
      this.#options.log.debug({ err: error, listener: this.#options.name }, 'a TLS handshake failed'),
    );
    // Below TLS there may be sockets that never got so far.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  #connected(socket: Socket): void {
    const connection = new ClientConnection(socket);
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#connections.delete(socket));
    socket.on('error', (error) => this.#options.log.debug({ err: error, listener: this.#options.name }, 'a connection broke'));
    socket.destroySoon = () => connection.linger();
  }

  #accept(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = this.#connections.get(request.socket);
    if (!connection) return void request.socket.destroy();
    if (this.#connections.size > (this.#options.maxConnections ?? 1024)) {
      send(response, { status: 503, body: 'Too many connections\n', headers: { 'retry-after': '1' }, close: true });
      return;
    }
    connection.enqueue(async () => {
      connection.response = response;
      try {
        await this.#options.handle({ request, response, connection, expectsContinue });
        await sent(response);
      } finally {
        connection.response = undefined;
        connection.body = undefined;
        if (response.shouldKeepAlive === false || response.getHeader('connection') === 'close') connection.closing = true;
      }
    });
  }

  #malformed(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection || !socket.writable || error.code === 'ECONNRESET' || error.code === 'EPIPE') return void socket.destroy();
    // The client ended its side: what it had asked for is still answered.
    if (error.code === 'HPE_INVALID_EOF_STATE' && connection.busy) {
      connection.inputEnded();
    } else if (connection.response) {
      socket.destroy();
    } else {
      const { status, text } = wireRefusal(error.code, error.rawPacket);
      sendRaw(socket, status, text);
      connection.linger();
    }
  }
}

/** Resolves when the answer was handed to the system, or the connection is gone. */
function sent(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed || response.closed) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('finish', resolve);
  response.once('close', resolve);
  return promise;
}
