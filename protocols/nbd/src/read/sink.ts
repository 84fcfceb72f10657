/** Takes what a read gives, in order, without copies. */
export interface ChunkSink {
  /**
   * Takes a chunk, which is valid until `release` is called, exactly once; not releasing stalls the read in the end.
   * The chunk must not be written to. Gives false to get no more before `drained()`.
   */
  write(chunk: Buffer, release: () => void): boolean;
  /** Resolves when more may come; rejects to fail the read. Called once after each false. */
  drained(): Promise<void>;
}

/** Copies a read into one buffer. */
export class BufferSink implements ChunkSink {
  readonly buffer: Buffer;
  #filled = 0;

  constructor(length: number) {
    this.buffer = Buffer.allocUnsafe(length);
  }

  write(chunk: Buffer, release: () => void): boolean {
    this.#filled += chunk.copy(this.buffer, this.#filled);
    release();
    return true;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }
}
