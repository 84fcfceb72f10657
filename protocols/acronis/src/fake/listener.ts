import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Front, type FrontParts } from './front.ts';
import type { FakeTls } from './options.ts';

const KEEP_ALIVE_MS = 30_000;

/** One data center: an address of its own, which can be taken down and brought up again. */
export class Listener {
  readonly datacenter: string;
  readonly #server: Server | TlsServer;
  #port: number;

  constructor(parts: FrontParts, { tls, port }: { readonly tls: FakeTls | undefined; readonly port: number }) {
    this.datacenter = parts.datacenter;
    this.#port = port;
    const settings = { keepAliveTimeout: KEEP_ALIVE_MS };
    this.#server = tls === undefined ? createServer(settings) : createTlsServer({ ...settings, cert: tls.cert, key: tls.key });
    const front = new Front(parts);
    this.#server.on('request', (message, response) => void front.serve(message, response));
  }

  /** `http://127.0.0.1:1234`, the same before and after a fall. */
  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  async up(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody listens, all connections are cut. */
  async down(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** What new connections are shown; open ones are cut. @throws Error for a fake without TLS */
  show({ cert, key }: FakeTls): void {
    if (this.#tls === undefined) throw new Error('the fake was started without TLS');
    this.#tls.setSecureContext({ cert, key });
    this.#tls.closeAllConnections();
  }

  /** How many connections are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  get #tls(): TlsServer | undefined {
    return 'setSecureContext' in this.#server ? this.#server : undefined;
  }
}
