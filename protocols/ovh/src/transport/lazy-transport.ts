import type { NodeTransport, NodeTransportOptions } from './node-transport.ts';
import { proxyUrl } from './proxy.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

/** Loads node:http when the first call is sent: a program that imports this package and does not call pays nothing for it. */
export class LazyTransport implements Transport {
  readonly #options: NodeTransportOptions;
  #loaded: Promise<NodeTransport> | undefined;

  /** Throws ConfigurationError where `proxy` is no URL of a proxy. */
  constructor(options: NodeTransportOptions) {
    this.#options = options;
    if (typeof options.proxy === 'string') proxyUrl(options.proxy, 'option proxy');
  }

  async send(request: WireRequest, options: SendOptions): Promise<WireAnswer> {
    this.#loaded ??= import('./node-transport.ts').then((module) => new module.NodeTransport(this.#options));
    const transport = await this.#loaded;
    return transport.send(request, options);
  }

  close(): void {
    void this.#loaded?.then((transport) => transport.close());
  }
}
