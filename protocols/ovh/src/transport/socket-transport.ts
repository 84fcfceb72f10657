import { Pool } from './http1/pool.ts';
import { type ProxyOption, proxyFor } from './proxy.ts';
import type { TlsOptions } from './tls-options.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

export interface SocketTransportOptions {
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOption;
  /** Where the variables of proxies are looked up; `false` asks none. */
  readonly env?: Readonly<Record<string, string | undefined>> | false | undefined;
}

/**
 * HTTP/1.1 on sockets of our own, with kept connections; the request target is the URL's own text. node:http would spend more on a
 * call than everything else together.
 */
export class SocketTransport implements Transport {
  readonly #options: SocketTransportOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: SocketTransportOptions) {
    this.#options = options;
  }

  async send(request: WireRequest, options: SendOptions): Promise<WireAnswer> {
    options.signal.throwIfAborted();
    const { url } = request;
    const slash = url.indexOf('/', url.indexOf('//') + 2);
    const origin = slash < 0 ? url : url.slice(0, slash);
    return this.#poolOf(origin).send(request, slash < 0 ? '/' : url.slice(slash), options);
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  #poolOf(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const url = new URL(origin);
    const env = this.#options.env === false ? {} : (this.#options.env ?? process.env);
    const pool = new Pool({ url, proxy: proxyFor(url, this.#options.proxy, env), tls: this.#options.tls ?? {} });
    this.#pools.set(origin, pool);
    return pool;
  }
}
