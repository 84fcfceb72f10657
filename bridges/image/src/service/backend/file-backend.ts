import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import type { BlockStatus } from '../../map/extents.ts';
import type { Backend, ChunkSink, RunOptions } from './backend.ts';

const PIECE = 256 * 1024;
const zeroes = Buffer.alloc(PIECE);

/** The bytes of a file as they are: for qcow2 files that are uploaded whole (imageio 14.1 "cow"). */
export class FileBackend implements Backend {
  readonly readers = 8;
  readonly writers = 1;
  readonly exportName = '';
  readonly knowsDirty = false;
  readonly readOnly: boolean;
  readonly #file: FileHandle;
  #closed = false;

  private constructor(file: FileHandle, readOnly: boolean) {
    this.#file = file;
    this.readOnly = readOnly;
  }

  /** Opens an existing regular file; never makes one. */
  static async open(path: string, mode: 'read' | 'write'): Promise<FileBackend> {
    const flags = (mode === 'write' ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NOFOLLOW;
    try {
      return new FileBackend(await open(path, flags), mode === 'read');
    } catch (error) {
      throw ImageError('IMAGE_BACKEND', {}, { cause: error });
    }
  }

  get usable(): boolean {
    return !this.#closed;
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  writeLimit(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  async readTo(offset: number, length: number, sink: ChunkSink, { signal }: RunOptions): Promise<void> {
    for (let done = 0; done < length; ) {
      signal.throwIfAborted();
      const piece = Buffer.allocUnsafe(Math.min(PIECE, length - done));
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, offset + done);
      if (bytesRead === 0) throw ImageError('IMAGE_BACKEND', {}, { cause: new Error('the file became shorter') });
      done += bytesRead;
      if (!sink.write(piece.subarray(0, bytesRead), () => undefined)) await sink.drained();
    }
  }

  async writeFrom(
    offset: number,
    length: number,
    source: AsyncIterable<readonly Buffer[]>,
    { signal, onProgress }: RunOptions,
  ): Promise<void> {
    let done = 0;
    for await (const batch of source) {
      signal.throwIfAborted();
      const bytes = batch.reduce((sum, piece) => sum + piece.length, 0);
      if (bytes > length - done) throw ImageError('IMAGE_BACKEND', {}, { cause: new Error('more bytes than announced') });
      await this.#write(batch, offset + done);
      done += bytes;
      onProgress?.(done);
    }
  }

  async zero(offset: number, length: number, { signal, onProgress }: RunOptions): Promise<void> {
    for (let done = 0; done < length; ) {
      signal.throwIfAborted();
      const piece = zeroes.subarray(0, Math.min(PIECE, length - done));
      await this.#write([piece], offset + done);
      done += piece.length;
      onProgress?.(done);
    }
  }

  async flush(): Promise<void> {
    await this.#guard(() => this.#file.datasync());
  }

  async *extents(): AsyncGenerator<BlockStatus> {
    const length = await this.size();
    if (length > 0) yield { start: 0, length };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }

  destroy(): void {
    // The descriptor goes when the write under way ends; nothing can be waiting on a file for ever that is not stuck in the kernel.
    this.close().catch(() => undefined);
  }

  /** A write may take less than it was given. */
  async #write(pieces: readonly Buffer[], position: number): Promise<void> {
    let rest = pieces;
    for (let at = position; rest.length > 0; ) {
      const { bytesWritten } = await this.#guard(() => this.#file.writev([...rest], at));
      at += bytesWritten;
      rest = after(rest, bytesWritten);
    }
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
      throw ImageError(full ? 'IMAGE_NO_SPACE' : 'IMAGE_BACKEND', {}, { cause: error });
    }
  }
}

/** What is left of some pieces without their first bytes. */
function after(pieces: readonly Buffer[], bytes: number): readonly Buffer[] {
  let missing = bytes;
  return pieces.flatMap((piece) => {
    const gone = Math.min(missing, piece.length);
    missing -= gone;
    return gone === piece.length ? [] : [piece.subarray(gone)];
  });
}
