import type http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { ImageError } from '../../errors.ts';
import type { RouteRow } from '../../tables.ts';
import type { Holding } from '../wire/client-connection.ts';

const CONNECT_MS = 10_000;

export interface UpstreamCall {
  readonly method: string;
  readonly path: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly signal: AbortSignal;
}

/** One kept connection to the host of a transfer, for one connection of a client (imageio 6.2). */
export class Upstream implements Holding {
  readonly #base: URL;
  readonly #agent: https.Agent;

  constructor(route: RouteRow, ca: string) {
    this.#base = new URL(route.data_url);
    this.#agent = new https.Agent({
      keepAlive: true,
      maxSockets: 1,
      ca,
      minVersion: 'TLSv1.2',
      highWaterMark: 1024 * 1024,
    } as https.AgentOptions);
  }

  get host(): string {
    return this.#base.host;
  }

  /** Sends the head; resolves when the connection stands, so that a body can follow. Throws `IMAGE_PROXY_UNREACHABLE`. */
  async begin(call: UpstreamCall): Promise<{ readonly request: http.ClientRequest; readonly answer: Promise<IncomingMessage> }> {
    const { hostname, port } = this.#base;
    const { method, path, headers, signal } = call;
    const request = https.request({ hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, headers, agent: this.#agent, signal });
    const { promise: answer, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    answer.catch(() => undefined);
    request.once('response', resolve);
    request.on('error', reject);
    const timer = setTimeout(() => request.destroy(new Error('no connection in time')), CONNECT_MS);
    try {
      await Promise.race([connected(request), answer]);
    } catch (error) {
      signal.throwIfAborted();
      throw ImageError('IMAGE_PROXY_UNREACHABLE', {}, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    return { request, answer };
  }

  release(): void {
    this.#agent.destroy();
  }
}

function connected(request: http.ClientRequest): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  request.once('socket', (socket) => {
    if (request.reusedSocket || !socket.connecting) resolve();
    else socket.once('secureConnect', resolve);
  });
  return promise;
}
