import { GatewayError } from '@fairlead/kernel/errors';
import type { ExtentContext, ExtentOf } from '../codec/extents.ts';
import { readExtents } from '../codec/extents-reader.ts';
import { type Feature, type ImageOptions, parseOptions } from '../codec/options.ts';
import { writePatch } from '../codec/patch.ts';
import { ImageioError } from '../errors.ts';
import { bodyOf, requireStatus, smallBody } from './answer.ts';
import { type Body, Transport } from './transport.ts';

export interface ImageioClientOptions {
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string;
  /** Tried when the server itself cannot be reached; not after an HTTP error (imageio 5.1). */
  readonly proxyUrl?: string;
  /** Connections at once, 1 to 8, 4 when absent; the server may allow fewer. */
  readonly connections?: number;
  /** Longest wait for a connection, 10 s when absent. */
  readonly connectMs?: number;
  /** Longest wait for the next byte, 60 s when absent. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Takes what was read, in order; a promise holds the reading back until it resolves. */
export type ReadSink = (chunk: Uint8Array) => void | Promise<void>;

/** One zero request goes this far at most (imageio 5.3), so that progress and cancelling work. */
const ZERO_STEP = 128 * 1024 * 1024;
const ZERO_ANSWER_MS = 180_000;

/**
 * Reads and writes one disk image over the image data API. Several calls may run at once, as many as `readers` or `writers` say; each uses a
 * connection of its own. Failures are `IMAGEIO_…` errors.
 */
export class ImageioClient implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #options: ImageOptions;
  readonly #connections: number;

  private constructor(transport: Transport, options: ImageOptions, connections: number) {
    this.#transport = transport;
    this.#options = options;
    this.#connections = connections;
  }

  /** Connects and asks what the server can do. Throws `IMAGEIO_UNREACHABLE` when neither address answers, `IMAGEIO_REFUSED` for a dead ticket. */
  static async open(url: string, options: ImageioClientOptions = {}): Promise<ImageioClient> {
    try {
      return await ImageioClient.#openAt(url, options);
    } catch (error) {
      const useProxy = options.proxyUrl && error instanceof GatewayError && error.code === 'IMAGEIO_UNREACHABLE';
      if (!useProxy || !options.proxyUrl) throw error;
      return ImageioClient.#openAt(options.proxyUrl, options);
    }
  }

  static async #openAt(url: string, options: ImageioClientOptions): Promise<ImageioClient> {
    const connections = Math.min(Math.max(options.connections ?? 4, 1), 8);
    const { connectMs = 10_000, idleMs = 60_000, ca } = options;
    const transport = new Transport(new URL(url), { connections, connectMs, idleMs, ...(ca !== undefined && { ca }) });
    try {
      return new ImageioClient(transport, await askOptions(transport, options.signal), connections);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** Host and port of the server in use. */
  get address(): string {
    return this.#transport.address;
  }

  has(feature: Feature): boolean {
    return this.#options.features.includes(feature);
  }

  /** How many reads may run at once. */
  get readers(): number {
    return Math.min(this.#connections, this.#options.maxReaders ?? 1);
  }

  /** How many writes may run at once. */
  get writers(): number {
    return Math.min(this.#connections, this.#options.maxWriters ?? 1);
  }

  /** Bytes of the image as the guest sees them: where the last extent ends. */
  async size(call: CallOptions = {}): Promise<number> {
    let end = 0;
    for await (const extent of this.extents('zero', call)) end = extent.start + extent.length;
    return end;
  }

  /** Contiguous extents from 0 to the end. Throws `IMAGEIO_REFUSED` (404) when the transfer has no such context. */
  async *extents<Context extends ExtentContext>(context: Context, { signal }: CallOptions = {}): AsyncGenerator<ExtentOf[Context]> {
    const response = await this.#transport.send({ method: 'GET', suffix: `/extents?context=${context}`, signal, answerMs: ZERO_ANSWER_MS });
    await requireStatus(response, 200, `the ${context} extents`, this.#transport);
    yield* readExtents(context, bodyOf(response, this.#transport, signal));
  }

  /** Hands `length` bytes from `offset` on to the sink; resolves when all of them were taken, else throws. */
  async read(offset: number, length: number, sink: ReadSink, { signal }: CallOptions = {}): Promise<void> {
    if (length === 0) return;
    const range = `bytes=${offset}-${offset + length - 1}`;
    const response = await this.#transport.send({ method: 'GET', headers: { range }, signal });
    await requireStatus(response, 206, `reading ${length} bytes at ${offset}`, this.#transport);
    if (response.headers['content-length'] !== String(length)) {
      response.destroy();
      throw ImageioError('IMAGEIO_PROTOCOL', { reason: `${response.headers['content-length']} bytes announced, ${length} asked for` });
    }
    let taken = 0;
    for await (const chunk of bodyOf(response, this.#transport, signal)) {
      signal?.throwIfAborted();
      taken += chunk.length;
      await sink(chunk);
    }
    if (taken !== length) throw ImageioError('IMAGEIO_PROTOCOL', { reason: `${taken} bytes came, ${length} were announced` });
  }

  /** Writes exactly `length` bytes of the source at `offset`. Without `flush` they are safe only after `flush()`. */
  async write(
    offset: number,
    length: number,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    { signal, flush = false }: CallOptions & { readonly flush?: boolean } = {},
  ): Promise<void> {
    if (length === 0) return flush ? this.flush({ signal }) : undefined;
    const body: Body = source instanceof Uint8Array ? source : { length, source };
    if (body.length !== length) throw ImageioError('IMAGEIO_SOURCE_LENGTH', { expected: length, actual: body.length });
    const headers = { 'content-type': 'application/octet-stream', 'content-range': `bytes ${offset}-${offset + length - 1}/*` };
    const suffix = this.has('flush') ? `?flush=${flush ? 'y' : 'n'}` : '';
    await this.#finish({ method: 'PUT', suffix, headers, body, signal }, `writing ${length} bytes at ${offset}`);
  }

  /** Makes a range read as zeroes, giving the space back where the transfer allows. */
  async zero(offset: number, length: number, call: CallOptions = {}): Promise<void> {
    for (let done = 0; done < length; done += ZERO_STEP) {
      const size = Math.min(ZERO_STEP, length - done);
      const body = Buffer.from(writePatch({ op: 'zero', offset: offset + done, size, flush: false }));
      await this.#patch(body, `zeroing ${size} bytes at ${offset + done}`, call);
    }
  }

  /** Resolves when everything written so far is on stable storage. */
  async flush(call: CallOptions = {}): Promise<void> {
    if (!this.has('flush')) return;
    await this.#patch(Buffer.from(writePatch({ op: 'flush' })), 'flushing', call);
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #patch(body: Uint8Array, what: string, { signal }: CallOptions): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#finish({ method: 'PATCH', headers, body, signal, answerMs: ZERO_ANSWER_MS }, what);
  }

  async #finish(call: Parameters<Transport['send']>[0], what: string): Promise<void> {
    const response = await this.#transport.send(call);
    await requireStatus(response, 200, what, this.#transport);
    await smallBody(response, this.#transport);
  }
}

/** A server that knows no OPTIONS (405) or answers it empty (204) has no feature (imageio 5.1). */
async function askOptions(transport: Transport, signal: AbortSignal | undefined): Promise<ImageOptions> {
  const response = await transport.send({ method: 'OPTIONS', signal });
  if (response.statusCode === 405 || response.statusCode === 204) {
    await smallBody(response, transport);
    return { features: [] };
  }
  await requireStatus(response, 200, 'OPTIONS', transport);
  return parseOptions(await smallBody(response, transport));
}
