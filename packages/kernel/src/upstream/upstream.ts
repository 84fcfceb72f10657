import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { FairleadError, type GatewayError } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import { upstreamFailure } from './failures.ts';

export interface UpstreamOptions {
  /** As errors and the log call it. */
  readonly name: string;
  /** Scheme, host, port and a path that every request begins with. */
  readonly baseUrl: string;
  /** PEM of the roots to trust instead of the system's. */
  readonly ca?: string | readonly string[] | undefined;
  /** PEM of our client certificate and its key, for mTLS. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name the certificate must bear, when it is not the host of the URL. */
  readonly serverName?: string | undefined;
  /** `false` turns verification off for this upstream, and says so in the log. */
  readonly verify?: boolean | undefined;
  readonly connectMs: number;
  /** From the request to the first byte of the answer. */
  readonly headersMs: number;
  /** Longest silence within the body of an answer. */
  readonly bodyMs: number;
  /** Bodies that are read whole are refused beyond this. */
  readonly maxBodyBytes: number;
  /** Idle connections are closed after this; default 4 s. Keep it under that of the server. */
  readonly keepAliveMs?: number | undefined;
  /** Most connections at once; default 16. */
  readonly connections?: number | undefined;
  readonly log: Log;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Begins with `/`; appended to the path of `baseUrl`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | Readable | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The whole body; throws `FAIRLEAD_UPSTREAM_ANSWER` beyond the limit. Must be called, or `discard`. */
  body(): Promise<Buffer>;
  /** Reads the rest away, so that the connection is free again. */
  discard(): Promise<void>;
}

export interface UpstreamStream {
  readonly status: number;
  readonly headers: Headers;
  /** Must be read to its end or destroyed. */
  readonly body: Readable;
}

interface Schema<T> {
  parse(value: unknown): T;
}

/** One foreign HTTP server: pooled connections, three timeouts, verified TLS. All methods throw `FAIRLEAD_UPSTREAM_UNREACHABLE` or `FAIRLEAD_UPSTREAM_TIMEOUT`. */
export interface Upstream {
  /** Any status is an answer. */
  request(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** The body of a 2xx answer, read as JSON and by the schema; anything else is `FAIRLEAD_UPSTREAM_ANSWER`. */
  json<T>(request: UpstreamRequest, schema: Schema<T>): Promise<T>;
  /** The body as it comes, with back pressure. Any status is an answer. */
  stream(request: UpstreamRequest): Promise<UpstreamStream>;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  return new PooledUpstream(options);
}

class PooledUpstream implements Upstream {
  readonly #options: UpstreamOptions;
  readonly #pool: Pool;
  readonly #prefix: string;

  constructor(options: UpstreamOptions) {
    const base = new URL(options.baseUrl);
    this.#options = options;
    this.#prefix = base.pathname.replace(/\/$/, '');
    this.#pool = new Pool(base.origin, poolOptions(options));
    if (options.verify === false) options.log.warn({ upstream: options.name }, 'the certificate of this upstream is not verified');
  }

  async request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const answer = await this.#send(request);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: () => this.#readBody(answer, request.signal),
      discard: () => answer.body.dump({ limit: this.#options.maxBodyBytes }),
    };
  }

  async json<T>(request: UpstreamRequest, schema: Schema<T>): Promise<T> {
    const headers = { accept: 'application/json', ...request.headers };
    const answer = await this.#send({ ...request, headers });
    const body = await this.#readBody(answer, request.signal);
    if (answer.statusCode < 200 || answer.statusCode > 299) throw this.#unusable(`status ${answer.statusCode}`);
    try {
      return schema.parse(JSON.parse(body.toString('utf8')));
    } catch (cause) {
      throw this.#unusable(cause instanceof SyntaxError ? 'no JSON' : 'JSON of another shape', cause);
    }
  }

  async stream(request: UpstreamRequest): Promise<UpstreamStream> {
    const answer = await this.#send(request);
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #send(request: UpstreamRequest): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#pool.request({
        method: request.method,
        path: `${this.#prefix}${request.path}`,
        ...(request.headers ? { headers: { ...request.headers } } : {}),
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal ? { signal: request.signal } : {}),
      });
    } catch (error) {
      throw upstreamFailure(this.#options.name, error, request.signal);
    }
  }

  async #readBody(answer: Dispatcher.ResponseData, signal: AbortSignal | undefined): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > this.#options.maxBodyBytes) throw this.#unusable(`more than ${this.#options.maxBodyBytes} bytes`);
        chunks.push(chunk);
      }
    } catch (error) {
      throw upstreamFailure(this.#options.name, error, signal);
    }
    return Buffer.concat(chunks);
  }

  #unusable(reason: string, cause?: unknown): GatewayError {
    return FairleadError('FAIRLEAD_UPSTREAM_ANSWER', { upstream: this.#options.name, reason }, { cause });
  }
}

function poolOptions(options: UpstreamOptions): Pool.Options {
  return {
    connections: options.connections ?? 16,
    pipelining: 1,
    headersTimeout: options.headersMs,
    bodyTimeout: options.bodyMs,
    keepAliveTimeout: options.keepAliveMs ?? 4000,
    connect: {
      timeout: options.connectMs,
      rejectUnauthorized: options.verify !== false,
      minVersion: 'TLSv1.2',
      ...(options.ca === undefined ? {} : { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
      ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    },
  };
}
