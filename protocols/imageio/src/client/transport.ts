import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { GatewayError } from '@fairlead/kernel/errors';
import { ImageioError } from '../errors.ts';
import { IdleTimer } from './idle-timer.ts';

export type Body = Uint8Array | { readonly length: number; readonly source: AsyncIterable<Uint8Array> };

export interface Call {
  readonly method: 'OPTIONS' | 'GET' | 'PUT' | 'PATCH';
  /** Added to the path of the image, `/extents?context=zero` or `?flush=n`. */
  readonly suffix?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the answer to begin; the idle limit when absent. */
  readonly answerMs?: number;
}

/** OPTIONS and extents come beside the copying connections; servers allow for two. */
const SPARE_CONNECTIONS = 2;

export interface TransportOptions {
  /** PEM of the authorities that may have signed the server's certificate; the system's when absent. */
  readonly ca?: string;
  readonly connections: number;
  readonly connectMs: number;
  readonly idleMs: number;
}

/** Requests for one image over a few kept connections. Every wait ends: with an answer, a `IMAGEIO_…` error, or the signal's reason. */
export class Transport {
  readonly #url: URL;
  readonly #options: TransportOptions;
  readonly #agent: http.Agent;

  constructor(url: URL, options: TransportOptions) {
    this.#url = url;
    this.#options = options;
    const shared = { keepAlive: true, maxSockets: options.connections + SPARE_CONNECTIONS, scheduling: 'lifo' as const };
    this.#agent =
      url.protocol === 'https:' ? new https.Agent({ ...shared, ...(options.ca && { ca: options.ca }) }) : new http.Agent(shared);
  }

  /** Host and port, for error texts; the path is a secret. */
  get address(): string {
    return this.#url.host;
  }

  get idle(): IdleTimer {
    return new IdleTimer(this.#options.idleMs, () => this.#timeout(this.#options.idleMs));
  }

  /** Sends one request and resolves with the head of its answer. A kept connection that the server had already dropped is replaced once. */
  async send(call: Call): Promise<IncomingMessage> {
    call.signal?.throwIfAborted();
    const first = new Exchange(this.#begin(call), this);
    try {
      return await first.run(call, this.#options);
    } catch (error) {
      call.signal?.throwIfAborted();
      const repeatable = call.body === undefined || call.body instanceof Uint8Array;
      if (!first.wasStale(error) || !repeatable) throw this.failure(error);
      return new Exchange(this.#begin(call), this).run(call, this.#options).catch((again) => Promise.reject(this.failure(again)));
    }
  }

  /** Coded form of what Node reports about a connection. */
  failure(error: unknown): unknown {
    if (error instanceof GatewayError || !(error instanceof Error) || error.name === 'AbortError') return error;
    const reason = errorReason(error);
    return ImageioError('IMAGEIO_CONNECTION_LOST', { address: this.address, reason }, { cause: error });
  }

  unreachable(error: Error): Error {
    return ImageioError('IMAGEIO_UNREACHABLE', { address: this.address, reason: errorReason(error) }, { cause: error });
  }

  close(): void {
    this.#agent.destroy();
  }

  #begin(call: Call): ClientRequest {
    const make = this.#url.protocol === 'https:' ? https.request : http.request;
    const headers = { host: this.#url.host, ...lengthOf(call.body), ...call.headers };
    const path = this.#url.pathname + (call.suffix ?? '');
    const { protocol, hostname, port } = this.#url;
    return make({ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, path, method: call.method, headers, agent: this.#agent });
  }

  #timeout(ms: number): Error {
    return ImageioError('IMAGEIO_TIMEOUT', { address: this.address, seconds: Math.ceil(ms / 1000) });
  }
}

/** One request on its way. */
class Exchange {
  readonly #request: ClientRequest;
  readonly #transport: Transport;
  readonly #answer: Promise<IncomingMessage>;
  /** Comes late when all connections are busy. */
  readonly #socket: Promise<Socket>;
  #connected = false;
  #answered = false;

  constructor(request: ClientRequest, transport: Transport) {
    this.#request = request;
    this.#transport = transport;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request.once('response', (response) => {
      this.#answered = true;
      resolve(response);
    });
    request.on('error', (error) => reject(this.#connected ? error : transport.unreachable(error)));
    promise.catch(() => undefined);
    this.#answer = promise;
    const socket = Promise.withResolvers<Socket>();
    request.once('socket', socket.resolve);
    this.#socket = socket.promise;
  }

  async run(call: Call, options: TransportOptions): Promise<IncomingMessage> {
    const stop = () => this.#request.destroy(call.signal?.reason);
    call.signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.#connect(options.connectMs);
      await this.#sendBody(call.body);
      const limitMs = call.answerMs ?? options.idleMs;
      return await new IdleTimer(limitMs, () => this.#timeout(limitMs)).run(this.#answer);
    } catch (error) {
      this.#request.destroy();
      call.signal?.throwIfAborted();
      throw error;
    } finally {
      call.signal?.removeEventListener('abort', stop);
    }
  }

  /** A kept connection may have been closed by the server in the moment of its use: nothing has been carried out then. */
  wasStale(error: unknown): boolean {
    return this.#request.reusedSocket && !this.#answered && !(error instanceof GatewayError);
  }

  async #connect(limitMs: number): Promise<void> {
    const socket = await Promise.race([this.#socket, this.#answer]);
    if (!('connecting' in socket) || this.#request.reusedSocket) {
      this.#connected = true;
      return;
    }
    const timer = new IdleTimer(limitMs, () => this.#transport.unreachable(new Error(`no connection within ${limitMs} ms`)));
    await timer.run(Promise.race([ready(socket), this.#answer]));
    this.#connected = true;
  }

  async #sendBody(body: Body | undefined): Promise<void> {
    if (body === undefined || body instanceof Uint8Array) {
      this.#request.end(body);
      return;
    }
    let sent = 0;
    for await (const chunk of body.source) {
      if (this.#answered) return;
      sent += chunk.length;
      if (sent > body.length) break;
      if (!this.#request.write(chunk)) await this.#drained();
    }
    if (sent !== body.length) throw ImageioError('IMAGEIO_SOURCE_LENGTH', { expected: body.length, actual: sent });
    this.#request.end();
  }

  /** An answer that comes before the whole body was sent is a refusal: sending ends. */
  async #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#request.once('drain', resolve);
    await this.#transport.idle.run(Promise.race([promise, this.#answer]));
    this.#request.off('drain', resolve);
  }

  #timeout(ms: number): Error {
    return ImageioError('IMAGEIO_TIMEOUT', { address: this.#transport.address, seconds: Math.ceil(ms / 1000) });
  }
}

function ready(socket: Socket): Promise<void> {
  if (!socket.connecting) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', resolve);
  return promise;
}

function lengthOf(body: Body | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(body.length) };
}

function errorReason(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code && !error.message.includes(code) ? `${error.message} (${code})` : error.message;
}
