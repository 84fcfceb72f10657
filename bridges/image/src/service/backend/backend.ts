import type { BlockStatus } from '../../map/extents.ts';

/** Takes what is read, in order. `release` is to be called when the chunk is no longer needed; false asks for a pause until `drained`. */
export interface ChunkSink {
  write(chunk: Buffer, release: () => void): boolean;
  drained(): Promise<void>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Called with all bytes done so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** Where the bytes of an image come from and go to; one for each connection and ticket (imageio 2.10). */
export interface Backend {
  readonly readers: number;
  readonly writers: number;
  readonly readOnly: boolean;
  readonly exportName: string;
  /** Whether it knows what has changed since a checkpoint. */
  readonly knowsDirty: boolean;
  /** False when the connection to the storage is gone; another has to be opened. */
  readonly usable: boolean;
  /** Bytes that can be read. */
  size(): Promise<number>;
  /** Where writing has to end: the size of a disk; a file grows. */
  writeLimit(): number;
  readTo(offset: number, length: number, sink: ChunkSink, options: RunOptions): Promise<void>;
  writeFrom(offset: number, length: number, source: AsyncIterable<readonly Buffer[]>, options: RunOptions): Promise<void>;
  zero(offset: number, length: number, options: RunOptions & { readonly punchHole: boolean }): Promise<void>;
  flush(options: RunOptions): Promise<void>;
  extents(options: RunOptions): AsyncIterable<BlockStatus>;
  close(): Promise<void>;
  destroy(): void;
}
