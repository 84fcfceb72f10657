import { NBD_CMD_FLUSH } from './codec/wire.ts';
import type { Connection } from './connection.ts';
import { NbdError } from './error.ts';
import { walkExtents } from './extents/walk.ts';
import type { NbdExtent } from './extents/zip.ts';
import { decodeFlags, type NbdFlags } from './flags.ts';
import { assertRange, assertWritable, type Shape } from './limits.ts';
import type { Agreement, BlockSize, Context } from './negotiate.ts';
import { readBytes } from './read/read-bytes.ts';
import { ReadJob } from './read/read-job.ts';
import type { ChunkSink } from './read/sink.ts';
import type { ByteSource } from './write/body.ts';
import type { Target } from './write/read-modify-write.ts';
import { runCommand } from './write/run-command.ts';
import { type WriteChoice, writeBody, writeChunks } from './write/write-job.ts';
import { type ZeroChoice, zeroRange } from './write/zero-job.ts';

/** The caller's signal. Aborting a read rejects at once; aborting a write rejects when the server let go of it, a second later at most. */
export interface Cancel {
  readonly signal?: AbortSignal;
}

/**
 * One connection to one export. Calls may run at the same time. All offsets and lengths are bytes and need no alignment.
 *
 * Every call may throw `NBD_OUT_OF_RANGE`, `NBD_REPLY` (with `errno`), `NBD_ABORTED`, `NBD_CLOSED`, and, which ends the
 * connection and all calls on it, `NBD_CONNECTION_LOST`, `NBD_TIMEOUT` or `NBD_PROTOCOL`.
 */
export class NbdClient implements AsyncDisposable {
  /** Bytes; below 2^53. */
  readonly size: number;
  readonly flags: NbdFlags;
  readonly blockSize: BlockSize;
  /** Names of the metadata contexts agreed on. */
  readonly contexts: readonly string[];
  readonly #target: Target;
  readonly #connection: Connection;
  readonly #shape: Shape;
  readonly #wireFlags: number;
  readonly #contexts: readonly Context[];
  /** True if something was written since the last flush. */
  #unflushed = false;
  #closing: Promise<void> | undefined;

  /** Made by `connectNbd`. */
  constructor(target: Target, agreement: Agreement) {
    this.size = agreement.size;
    this.flags = decodeFlags(agreement.flags);
    this.blockSize = agreement.blockSize;
    this.contexts = agreement.contexts.map(({ name }) => name);
    this.#target = target;
    this.#connection = target.connection;
    this.#shape = target.shape;
    this.#wireFlags = agreement.flags;
    this.#contexts = agreement.contexts;
  }

  /** True once the connection cannot be used any more. */
  get closed(): boolean {
    return this.#closing !== undefined || this.#connection.failure !== undefined;
  }

  /** Reads a range into one buffer; meant for small ranges. */
  async read(offset: number, length: number, options: Cancel = {}): Promise<Buffer> {
    this.#assertOpen();
    assertRange(this.#shape, offset, length);
    return await readBytes(this.#connection, this.#shape, { offset, length }, options.signal);
  }

  /** Reads a range into a sink, in order, with several requests under way as far as the sink keeps up. */
  async readTo(offset: number, length: number, sink: ChunkSink, options: Cancel = {}): Promise<void> {
    this.#assertOpen();
    assertRange(this.#shape, offset, length);
    await new ReadJob(this.#connection, this.#shape, { offset, length }, sink).run(options.signal);
  }

  /**
   * Writes chunks one after the other from `offset` on; `fua` makes them durable before it resolves.
   * The chunks must not change before it settles. Throws `NBD_READ_ONLY` too.
   */
  async write(offset: number, chunks: readonly Uint8Array[], options: Cancel & { readonly fua?: boolean } = {}): Promise<void> {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#beforeWrite(offset, length);
    const fua = options.fua === true && this.flags.fua;
    await writeChunks(this.#target, offset, chunks, { signal: options.signal, fua });
    if (options.fua && !fua) await this.flush(options);
  }

  /**
   * Writes `length` bytes that `source` yields, chunk by chunk or in lists of chunks, several requests at a time; resolves with that length when the server has
   * acknowledged all. `onProgress` gets the bytes acknowledged so far. A source that ends early throws `NBD_SHORT_BODY`
   * once the bytes it gave are acknowledged; a last chunk beyond the length throws `NBD_LONG_BODY`; what the source throws
   * is thrown. Yielded chunks must not change before it settles; on failure `source.return()` is called.
   */
  async writeFrom(
    offset: number,
    length: number,
    source: ByteSource,
    options: Cancel & { readonly onProgress?: (bytes: number) => void } = {},
  ): Promise<number> {
    this.#beforeWrite(offset, length);
    return await writeBody(this.#target, { offset, length }, source, choiceOf(options));
  }

  /**
   * Makes a range read as zeroes. With `punchHole: false` it stays allocated; otherwise the server may give the space back.
   * Where the export cannot do that, zeroes are written. `onProgress` gets the bytes done so far.
   */
  async zero(
    offset: number,
    length: number,
    options: Cancel & { readonly punchHole?: boolean; readonly onProgress?: (bytes: number) => void } = {},
  ): Promise<void> {
    this.#beforeWrite(offset, length);
    const choice: ZeroChoice = { ...choiceOf(options), punchHole: options.punchHole };
    await zeroRange(this.#target, this.#wireFlags, { offset, length }, choice);
  }

  /** Makes all acknowledged writes durable; does nothing if the export cannot. */
  async flush(options: Cancel = {}): Promise<void> {
    this.#assertOpen();
    await this.#flush(options.signal);
  }

  /**
   * What the negotiated contexts tell of a range: extents side by side that cover all of it and differ from their neighbours.
   * Without contexts it is one extent of which nothing is known. Nothing is ever guessed: a failure is thrown, except that a
   * server which (without dirty bitmap) turns out not to support the question gets the rest reported as data.
   */
  async *extents(range: ExtentRange = {}): AsyncGenerator<NbdExtent, void, undefined> {
    for await (const batch of this.extentBatches(range)) yield* batch;
  }

  /** The same as `extents`, in arrays as the server's replies come; costs less for images of many extents. */
  extentBatches(range: ExtentRange = {}): AsyncGenerator<NbdExtent[], void, undefined> {
    this.#assertOpen();
    const { start = 0, end = this.size, signal } = range;
    assertWithin(this.size, start, end);
    return walkExtents(this.#connection, this.#shape, { start, end, contexts: this.#contexts, signal });
  }

  /**
   * Ends what runs (`NBD_CLOSED`), makes written data durable, takes leave and waits until the socket is gone.
   * Rejects if that flush fails. Does nothing on a connection that is lost already.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends everything at once, without flush and without leave; running calls reject with `error` or `NBD_CLOSED`. */
  destroy(error?: Error): void {
    this.#connection.fail(error instanceof NbdError ? error : new NbdError('NBD_CLOSED', 'the client was destroyed', { cause: error }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const reason = new NbdError('NBD_CLOSED', 'the client was closed');
    for (const call of [...this.#connection.running]) call.stop(reason);
    await this.#connection.drained();
    try {
      if (this.#unflushed && this.#connection.failure === undefined) await this.#flush(undefined);
    } finally {
      await this.#connection.disconnect(reason);
    }
  }

  async #flush(signal: AbortSignal | undefined): Promise<void> {
    if (!this.flags.flush) return;
    this.#unflushed = false;
    try {
      await runCommand(this.#connection, { type: NBD_CMD_FLUSH, offset: 0, length: 0 }, undefined, signal);
    } catch (error) {
      this.#unflushed = true;
      throw error;
    }
  }

  #beforeWrite(offset: number, length: number): void {
    this.#assertOpen();
    assertWritable(this.#wireFlags);
    assertRange(this.#shape, offset, length);
    this.#unflushed = true;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new NbdError('NBD_CLOSED', 'the client was closed');
    if (this.#connection.failure !== undefined) throw this.#connection.failure;
  }
}

/** Which part of the export; all of it unless told. */
export interface ExtentRange extends Cancel {
  readonly start?: number;
  readonly end?: number;
}

function choiceOf(options: Cancel & { readonly onProgress?: (bytes: number) => void }): WriteChoice {
  return { signal: options.signal, onProgress: options.onProgress };
}

function assertWithin(size: number, start: number, end: number): void {
  const sane = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= size;
  if (!sane) throw new NbdError('NBD_OUT_OF_RANGE', `${start} to ${end} is no range of an export of ${size} bytes`);
}
