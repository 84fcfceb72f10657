import { type ClientRequest, type Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { NetworkError, TimeoutError, type TimeoutPhase } from '../errors/errors.ts';
import { bodyOf } from './body.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

/** HTTP/1.1 over node:http and node:https, for an agent of the caller's: connections, proxy and TLS are its business. */
export class AgentTransport implements Transport {
  readonly #agent: HttpAgent;

  constructor(agent: HttpAgent) {
    this.#agent = agent;
  }

  send(request: WireRequest, options: SendOptions): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      options.signal.throwIfAborted();
      const url = new URL(request.url);
      const target = request.url.slice(url.origin.length);
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = send({
        agent: this.#agent,
        method: request.method,
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: target === '' ? '/' : target,
        headers: headersOf(request, url),
      });
      new Attempt(sent, request, options).settle(resolve, reject);
      sent.end(request.body);
    });
  }

  /** The agent is the caller's: its connections stay. */
  close(): void {
    // Nothing of ours.
  }
}

/** Content-Length is said of bodiless POST and PUT too: some front ends answer 411 otherwise (spec 3.5). */
function headersOf(request: WireRequest, url: URL): Record<string, string> {
  const headers: Record<string, string> = { Host: url.host, 'Accept-Encoding': 'gzip, br', ...request.headers };
  const length = request.body?.length ?? (/^(POST|PUT|PATCH)$/.test(request.method) ? 0 : undefined);
  if (length !== undefined) headers['Content-Length'] = String(length);
  return headers;
}

/** One request under way: its phases, their deadlines, and what ends it. */
class Attempt {
  readonly #sent: ClientRequest;
  readonly #request: WireRequest;
  readonly #options: SendOptions;
  #timer: NodeJS.Timeout | undefined;
  #fail: (error: unknown) => void = () => undefined;
  /** False while the connection is not there: nothing of the request can have left. */
  #mayBeSeen = false;

  constructor(sent: ClientRequest, request: WireRequest, options: SendOptions) {
    this.#sent = sent;
    this.#request = request;
    this.#options = options;
  }

  settle(resolve: (answer: WireAnswer) => void, reject: (error: unknown) => void): void {
    const { signal } = this.#options;
    const abort = (): void => this.#fail(signal.reason);
    const over = (): void => {
      clearTimeout(this.#timer);
      signal.removeEventListener('abort', abort);
    };
    this.#fail = (error) => {
      over();
      reject(error);
      // Node tells of an error only once there is a socket: who waits for a connection has to be told before.
      this.#sent.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#arm('connect', this.#options.timeouts.connect);
    this.#sent.once('socket', (socket) => this.#watch(socket));
    this.#sent.on('error', (error) => {
      this.#fail(this.#explained(error));
    });
    this.#sent.once('response', (message) => {
      over();
      resolve(this.#answer(message));
    });
  }

  #watch(socket: Socket): void {
    const ready = (): void => {
      this.#mayBeSeen = true;
      this.#arm('headers', this.#options.timeouts.headers);
    };
    const handshake = socket instanceof TLSSocket && (socket as { secureConnecting?: boolean }).secureConnecting !== false;
    if (this.#sent.reusedSocket) ready();
    else if (handshake) socket.once('secureConnect', ready);
    else if (socket.connecting) socket.once('connect', ready);
    else ready();
  }

  #arm(phase: TimeoutPhase, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const what = phase === 'connect' ? 'No connection' : 'No answer';
      const error = new TimeoutError(`${what} from ${new URL(this.#request.url).host} within ${ms} ms`, { phase, sent: this.#mayBeSeen });
      this.#fail(error);
    }, ms);
  }

  #answer(message: IncomingMessage): WireAnswer {
    const { maxResponseBytes, timeouts, signal } = this.#options;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const body = bodyOf(message, this.#request.method, { maxResponseBytes, timeoutMs: timeouts.body, signal });
    return { status: message.statusCode ?? 0, headers, body };
  }

  #explained(error: Error): Error {
    const code = (error as NodeJS.ErrnoException).code;
    const host = new URL(this.#request.url).host;
    const where = this.#mayBeSeen ? 'broke off' : 'was not made';
    return new NetworkError(
      `The connection to ${host} ${where}${code === undefined ? '' : ` (${code})`}: ${error.message}`,
      this.#mayBeSeen,
      error,
    );
  }
}
