import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { builtin } from '../platform.ts';
import { Exchange } from './http1/exchange.ts';
import { SingleCarrier } from './http1/single-carrier.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

/** HTTP/1.1 over node:http and node:https, for an agent of the caller's: connections, proxy and TLS are its business. */
export class AgentTransport implements Transport {
  readonly #agent: HttpAgent;

  constructor(agent: HttpAgent) {
    this.#agent = agent;
  }

  async send(request: WireRequest, options: SendOptions): Promise<WireAnswer> {
    options.signal.throwIfAborted();
    const url = new URL(request.url);
    const exchange = new Exchange(request, options, url.host);
    const sent = this.#request(request, url);
    let message: IncomingMessage | undefined;
    const carrier = new SingleCarrier(exchange, {
      pause: () => message?.pause(),
      resume: () => message?.resume(),
      cut: () => sent.destroy(),
    });
    exchange.connect(carrier);
    sent.once('socket', (socket) => whenReady(sent, socket, () => exchange.begin(carrier)));
    sent.on('error', (error) => exchange.broken(error));
    sent.once('response', (answer) => {
      message = answer;
      pass(answer, exchange, request.method);
    });
    sent.end(request.body);
    return exchange.answer;
  }

  /** The agent is the caller's: its connections stay. */
  close(): void {
    // Nothing of ours.
  }

  #request(request: WireRequest, url: URL): ClientRequest {
    const { request: send } = url.protocol === 'https:' ? builtin('node:https') : builtin('node:http');
    const target = request.url.slice(url.origin.length);
    return send({
      agent: this.#agent,
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: target === '' ? '/' : target,
      headers: headersOf(request, url),
    });
  }
}

/** Content-Length is said of bodiless POST and PUT too: some front ends answer 411 otherwise (spec 3.5). */
function headersOf(request: WireRequest, url: URL): Record<string, string> {
  const headers: Record<string, string> = { Host: url.host, 'Accept-Encoding': 'gzip, br', ...request.headers };
  const length = request.body?.length ?? (/^(POST|PUT|PATCH)$/.test(request.method) ? 0 : undefined);
  if (length !== undefined) headers['Content-Length'] = String(length);
  return headers;
}

/** Until then nothing of the request can have left. */
function whenReady(sent: ClientRequest, socket: Socket, ready: () => void): void {
  const handshake = (socket as { secureConnecting?: boolean }).secureConnecting;
  if (sent.reusedSocket) ready();
  else if (handshake === true) socket.once('secureConnect', ready);
  else if (socket.connecting) socket.once('connect', ready);
  else ready();
}

function pass(message: IncomingMessage, exchange: Exchange, method: string): void {
  const status = message.statusCode ?? 0;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const bodiless = method === 'HEAD' || status === 204 || status === 304 || headers['content-length'] === '0';
  exchange.onHead({ status, headers, length: bodiless ? 0 : 'close', keepMs: undefined });
  message.on('data', (bytes: Buffer) => exchange.onPiece(bytes));
  message.on('error', (error) => exchange.broken(error));
  message.on('end', () => exchange.onEnd());
}
