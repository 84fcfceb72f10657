import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { builtin } from '../../platform.ts';
import { secureContextOf } from '../secure-context.ts';
import type { TlsOptions } from '../tls-options.ts';
import { openTunnel } from '../tunnel.ts';

/** Where connections go, and how. */
export interface Destination {
  readonly url: URL;
  readonly proxy: URL | undefined;
  readonly tls: TlsOptions;
}

const SOCKET_OPTIONS = { noDelay: true, keepAlive: true } as const;

/** Makes connections to one place; certificates are read once, and TLS sessions are taken up again. */
export class Connector {
  readonly #to: Destination;
  readonly #host: string;
  readonly #port: number;
  readonly #secure: boolean;
  #context: SecureContext | undefined;
  #session: Buffer | undefined;

  constructor(to: Destination) {
    this.#to = to;
    this.#host = to.url.hostname.replace(/^\[|\]$/g, '');
    this.#secure = to.url.protocol === 'https:';
    this.#port = Number(to.url.port || (this.#secure ? 443 : 80));
  }

  /** A connection that is ready for a request. Rejects with ConfigurationError, Node's error, or the signal's reason. */
  async connect(signal: AbortSignal): Promise<Socket> {
    const [host, port] = [this.#host, this.#port];
    // What cannot be used is known before anything is opened.
    if (this.#secure) this.#context ??= secureContextOf(this.#to.tls);
    const tunnel = await this.#tunnel(signal);
    if (!this.#secure && tunnel !== undefined) return tunnel;
    const socket = this.#secure ? this.#encrypted(tunnel) : builtin('node:net').connect({ host, port, ...SOCKET_OPTIONS });
    try {
      await ready(socket, this.#secure ? 'secureConnect' : 'connect', signal);
    } catch (error) {
      // A session that the server no longer likes must not spoil the next connection too.
      this.#session = undefined;
      throw error;
    }
    return socket;
  }

  async #tunnel(signal: AbortSignal): Promise<Socket | undefined> {
    const { proxy, tls } = this.#to;
    const host = this.#host.includes(':') ? `[${this.#host}]` : this.#host;
    return proxy && openTunnel({ proxy, ca: tls.ca, target: `${host}:${this.#port}` }, signal);
  }

  #encrypted(socket: Socket | undefined): TLSSocket {
    const host = this.#host;
    const { servername = builtin('node:net').isIP(host) === 0 ? host : '' } = this.#to.tls;
    const session = this.#session;
    const made = builtin('node:tls').connect({
      ...(socket === undefined ? SOCKET_OPTIONS : { socket }),
      host,
      port: this.#port,
      servername,
      secureContext: this.#context,
      // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED does not count.
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(session === undefined ? {} : { session }),
    });
    made.on('session', (fresh) => {
      this.#session = fresh;
    });
    return made;
  }
}

function ready(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', closed).off(event, good);
    };
    const fail = (error: Error): void => {
      settle();
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const closed = (): void => fail(new Error('The connection was closed before it was ready'));
    const abort = (): void => fail(signal.reason as Error);
    const good = (): void => {
      settle();
      resolve();
    };
    socket.on('error', fail).on('close', closed).on(event, good);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
