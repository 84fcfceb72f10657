import type { Agent } from 'node:http';
import { onNode } from '../platform.ts';
import { fetchTransport } from './fetch-transport.ts';
import { proxyUrl } from './proxy.ts';
import type { SocketTransportOptions } from './socket-transport.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

export interface LazyTransportOptions extends SocketTransportOptions {
  /** Makes every connection; `proxy` and `tls` do not count then. */
  readonly agent?: Agent | undefined;
}

/** Loads what sends when the first call is sent: a program that imports this package and does not call pays nothing for it. */
export class LazyTransport implements Transport {
  readonly #options: LazyTransportOptions;
  #loading: Promise<Transport> | undefined;
  #loaded: Transport | undefined;
  #closed = false;

  /** Throws ConfigurationError where `proxy` is no URL of a proxy. */
  constructor(options: LazyTransportOptions) {
    this.#options = options;
    if (typeof options.proxy === 'string') proxyUrl(options.proxy, 'option proxy');
  }

  async send(request: WireRequest, options: SendOptions): Promise<WireAnswer> {
    if (this.#loaded === undefined) {
      this.#loading ??= load(this.#options);
      this.#loaded = await this.#loading;
      if (this.#closed) this.#loaded.close();
    }
    return this.#loaded.send(request, options);
  }

  close(): void {
    this.#closed = true;
    this.#loaded?.close();
  }
}

async function load(options: LazyTransportOptions): Promise<Transport> {
  const { agent } = options;
  if (!onNode) return fetchTransport();
  if (agent === undefined) return new (await import('./socket-transport.ts')).SocketTransport(options);
  return new (await import('./agent-transport.ts')).AgentTransport(agent);
}
