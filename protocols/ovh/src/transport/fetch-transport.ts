import { NetworkError } from '../errors/errors.ts';
import { Exchange } from './http1/exchange.ts';
import { SingleCarrier } from './http1/single-carrier.ts';
import type { SendOptions, Transport, WireAnswer, WireRequest } from './transport.ts';

export interface FetchTransportOptions {
  /** Default: that of the runtime. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What `fetch` itself decides: it throws, or ignores them. */
const NOT_OURS = /^(?:content-length|host|connection|accept-encoding)$/i;
/** With these, nothing of the request can have left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Sends by `fetch`, for Deno, Bun, browsers and workers; on Node, where it costs several times as much, it is there for tests.
 * Redirects are not followed; a browser hides where they lead, which makes them a 302 without `location`. Proxy, TLS and the time to
 * connect are the runtime's business: `timeouts.headers` counts from the start, and what fails is taken as sent unless it says otherwise.
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const closed = new AbortController();
  const send = options.fetch ?? ((...given: Parameters<typeof fetch>) => globalThis.fetch(...given));
  return {
    send: async (request, sendOptions) => exchanged(send, request, sendOptions, closed.signal),
    close: () => closed.abort(new Error('The client was closed')),
  };
}

function exchanged(send: typeof fetch, request: WireRequest, options: SendOptions, closed: AbortSignal): Promise<WireAnswer> {
  options.signal.throwIfAborted();
  const exchange = new Exchange(request, options, new URL(request.url).host);
  const cut = new AbortController();
  const gate = new Gate();
  exchange.begin(new SingleCarrier(exchange, { pause: () => gate.shut(), resume: () => gate.open(), cut: () => cut.abort() }));
  const init: RequestInit = {
    method: request.method,
    headers: Object.entries(request.headers).filter(([name]) => !NOT_OURS.test(name)),
    // A body of Node may lie in shared memory, says its type; it never does.
    ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> }),
    redirect: 'manual',
    signal: AbortSignal.any([cut.signal, closed]),
  };
  send(request.url, init)
    .then((response) => pass(response, exchange, gate))
    .catch((error: Error) => refused(error, exchange));
  return exchange.answer;
}

async function pass(response: Response, exchange: Exchange, gate: Gate): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  // It is decoded already.
  delete headers['content-encoding'];
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  exchange.onHead({ status, headers, length: 'close', keepMs: undefined });
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    await gate.passage;
    const { done, value } = await reader.read();
    if (done) break;
    exchange.onPiece(value);
  }
  exchange.onEnd();
}

function refused(error: Error, exchange: Exchange): void {
  const cause = (error.cause ?? error) as Error & { readonly code?: string };
  if (!NOT_SENT.has(cause.code ?? '')) exchange.broken(cause);
  else exchange.fail(new NetworkError(`The connection was not made (${cause.code}): ${cause.message}`, false, cause));
}

/** Whoever reads too slowly shuts it. */
class Gate {
  passage: Promise<void> | undefined;
  #open: (() => void) | undefined;

  shut(): void {
    if (this.passage !== undefined) return;
    this.passage = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.passage = undefined;
  }
}
