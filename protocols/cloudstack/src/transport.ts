import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { RawAnswer } from './answer.ts';
import { CloudStackError } from './errors.ts';

/** How to reach a management server. */
export interface TransportOptions {
  /** Ends in `/client/api`; http or https. */
  readonly endpoint: string;
  /** PEM of the authority that signed the server's certificate, where it is not a public one. */
  readonly ca?: string | Buffer | undefined;
  /** `false` accepts any certificate. Default true. */
  readonly verify?: boolean | undefined;
  /** Time for one whole call, in ms. Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** Time for the connection with TLS, in ms. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** Connections at a time. Default 16. */
  readonly maxSockets?: number | undefined;
  /** A connection that is unused for so long is closed, in ms. Default 25 000: the server goes at 30 000 without a word. */
  readonly idleMs?: number | undefined;
  /** Longest answer, unpacked, in bytes. Default 32 MiB. */
  readonly maxAnswerBytes?: number | undefined;
}

/** One POST. */
export interface Post {
  readonly command: string;
  readonly form: string;
  readonly cookie?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Time left for this call, in ms; never longer than the transport's own. */
  readonly timeoutMs?: number | undefined;
}

/** An answer with the cookies it set. */
export interface PostAnswer extends RawAnswer {
  readonly setCookie: readonly string[];
}

const IDLE_MS = 25_000;
/** Jetty's limit; beyond it the server answers 404 with an HTML page. */
const MAX_FORM_BYTES = 1024 * 1024;

/** Connections to one management server. */
export class Transport {
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #options: TransportOptions;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#url = new URL(options.endpoint);
    this.#options = options;
    const common = { keepAlive: true, timeout: options.idleMs ?? IDLE_MS, maxSockets: options.maxSockets ?? 16 };
    const tls = { ...(options.ca === undefined ? {} : { ca: options.ca }), rejectUnauthorized: options.verify ?? true };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent({ ...common, ...tls }) : new HttpAgent(common);
  }

  /**
   * Sends a form and reads the whole answer.
   * @throws CloudStackError `CLOUDSTACK_UNREACHABLE`, `_TIMEOUT`, `_BAD_ANSWER` (too large), `_REQUEST_TOO_LARGE`, `_CLOSED`
   */
  async post(post: Post): Promise<PostAnswer> {
    const { command, signal } = post;
    if (this.#closed) throw new CloudStackError('CLOUDSTACK_CLOSED', 'the CloudStack client is closed', { command });
    if (Buffer.byteLength(post.form) > MAX_FORM_BYTES)
      throw new CloudStackError('CLOUDSTACK_REQUEST_TOO_LARGE', `the parameters of ${command} exceed 1 MiB`, { command });
    signal?.throwIfAborted();
    const limit = Math.max(1, Math.min(post.timeoutMs ?? Number.POSITIVE_INFINITY, this.#options.timeoutMs ?? 60_000));
    const timeout = AbortSignal.timeout(limit);
    const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      return await this.#exchange(post, stop);
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted)
        throw new CloudStackError('CLOUDSTACK_TIMEOUT', `CloudStack did not answer ${command} in ${limit} ms`, { command });
      throw toError(error, command);
    }
  }

  /** Closes idle and busy connections. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  async #exchange(post: Post, signal: AbortSignal): Promise<PostAnswer> {
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(this.#url, {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'content-length': Buffer.byteLength(post.form),
        accept: 'application/json',
        'accept-encoding': 'gzip',
        ...(post.cookie === undefined ? {} : { cookie: post.cookie }),
      },
    });
    boundConnect(request, this.#options.connectMs ?? 10_000);
    const response = await responseOf(request, post.form);
    const body = await readBody(response, this.#options.maxAnswerBytes ?? 32 * 1024 * 1024, post.command);
    return {
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      body,
      setCookie: response.headers['set-cookie'] ?? [],
    };
  }
}

function responseOf(request: ClientRequest, form: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.end(form);
  });
}

function boundConnect(request: ClientRequest, connectMs: number): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new Error(`no connection in ${connectMs} ms`)), connectMs);
    const settled = () => clearTimeout(timer);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', settled);
    request.once('close', settled);
  });
}

async function readBody(response: IncomingMessage, limit: number, command: string): Promise<string> {
  const packed = response.headers['content-encoding'] === 'gzip';
  const source: Readable = packed ? response.pipe(createGunzip()) : response;
  // pipe() does not carry errors over: a cut connection must end the unpacking too.
  if (packed) response.once('error', (error) => source.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw tooLarge(response, limit, command);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function tooLarge(response: IncomingMessage, limit: number, command: string): CloudStackError {
  const text = `CloudStack's answer to ${command} is longer than ${limit} bytes`;
  return new CloudStackError('CLOUDSTACK_BAD_ANSWER', text, { command, httpStatus: response.statusCode });
}

function toError(error: unknown, command: string): CloudStackError {
  if (error instanceof CloudStackError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_'))
    return new CloudStackError('CLOUDSTACK_BAD_ANSWER', `CloudStack's answer to ${command} cannot be unpacked`, { command });
  const reason = code === '' && error instanceof Error ? error.message : code;
  return new CloudStackError('CLOUDSTACK_UNREACHABLE', `CloudStack cannot be reached for ${command}: ${reason}`, { command, cause: error });
}
