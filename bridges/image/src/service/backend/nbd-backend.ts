import { texts } from '@fairlead/imageio/codec';
import { type ConnectOptions, connectNbd, type NbdClient, NbdError } from '@fairlead/nbd';
import { ImageError } from '../../errors.ts';
import type { BlockStatus } from '../../map/extents.ts';
import type { Backend, ChunkSink, RunOptions } from './backend.ts';

const ENOSPC = 28;
const EPERM = 1;

export interface NbdFacts {
  readonly transferId: string;
  readonly maxConnections: number;
  /** Ask for a dirty bitmap, if there is exactly one. */
  readonly dirty: boolean;
}

/** A disk behind an NBD server: bytes as the guest sees them. */
export class NbdBackend implements Backend {
  readonly exportName: string;
  readonly readers: number;
  readonly writers: number;
  readonly #client: NbdClient;
  readonly #transferId: string;

  private constructor(client: NbdClient, exportName: string, facts: NbdFacts) {
    this.#client = client;
    this.exportName = exportName;
    this.#transferId = facts.transferId;
    this.readers = facts.maxConnections;
    // Without CAN_MULTI_CONN a flush on one connection says nothing about writes on another (imageio 2.3).
    this.writers = client.flags.multiConn ? facts.maxConnections : 1;
  }

  /** Throws `IMAGE_BACKEND` when nothing answers there. */
  static async open(options: ConnectOptions, facts: NbdFacts): Promise<NbdBackend> {
    try {
      return new NbdBackend(await connectWithBitmap(options, facts.dirty), options.exportName ?? '', facts);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw ImageError('IMAGE_BACKEND', {}, { cause: error });
    }
  }

  get usable(): boolean {
    return !this.#client.closed;
  }

  get readOnly(): boolean {
    return this.#client.flags.readOnly;
  }

  get knowsDirty(): boolean {
    return this.#client.contexts.some((name) => name.startsWith('qemu:dirty-bitmap:'));
  }

  size(): Promise<number> {
    return Promise.resolve(this.#client.size);
  }

  writeLimit(): number {
    return this.#client.size;
  }

  readTo(offset: number, length: number, sink: ChunkSink, { signal }: RunOptions): Promise<void> {
    return this.#guard(signal, () => this.#client.readTo(offset, length, sink, { signal }));
  }

  writeFrom(offset: number, length: number, source: AsyncIterable<readonly Buffer[]>, options: RunOptions): Promise<void> {
    return this.#guard(options.signal, async () => {
      await this.#client.writeFrom(offset, length, source, options);
    });
  }

  zero(offset: number, length: number, options: RunOptions & { readonly punchHole: boolean }): Promise<void> {
    return this.#guard(options.signal, () => this.#client.zero(offset, length, options));
  }

  flush({ signal }: RunOptions): Promise<void> {
    return this.#guard(signal, () => this.#client.flush({ signal }));
  }

  async *extents({ signal }: RunOptions): AsyncGenerator<BlockStatus> {
    try {
      yield* this.#client.extents({ signal });
    } catch (error) {
      throw this.#coded(error, signal);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  destroy(): void {
    this.#client.destroy();
  }

  async #guard<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#coded(error, signal);
    }
  }

  /** imageio 9.3: a full disk and a read-only one are told apart from other failures. */
  #coded(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (!(error instanceof NbdError)) return error;
    if (error.errno === ENOSPC) return ImageError('IMAGE_NO_SPACE', {}, { cause: error });
    if (error.code === 'NBD_READ_ONLY' || error.errno === EPERM) {
      return ImageError('IMAGE_TICKET_FORBIDDEN', { why: texts.forbids(this.#transferId, 'write') }, { cause: error });
    }
    return ImageError('IMAGE_BACKEND', {}, { cause: error });
  }
}

/** Without exactly one bitmap there are no dirty extents, but everything else is served (imageio 2.7). */
async function connectWithBitmap(options: ConnectOptions, dirty: boolean): Promise<NbdClient> {
  if (!dirty) return connectNbd(options);
  try {
    return await connectNbd({ ...options, dirtyBitmap: true });
  } catch (error) {
    const noneOrMany = error instanceof NbdError && (error.code === 'NBD_BITMAP_UNKNOWN' || error.code === 'NBD_BITMAP_AMBIGUOUS');
    if (!noneOrMany) throw error;
    return connectNbd(options);
  }
}
