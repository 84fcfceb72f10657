import type { ChunkSink } from '@fairlead/nbd';

/** Copies what it gets and gives chunks back at once. */
export class CopySink implements ChunkSink {
  readonly chunks: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get length(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  write(chunk: Buffer, release: () => void): boolean {
    this.chunks.push(Buffer.from(chunk));
    release();
    return true;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }
}

/** Has enough after every chunk until `open` is called, once per chunk. */
export class SlowSink extends CopySink {
  #gate = Promise.withResolvers<void>();

  override write(chunk: Buffer, release: () => void): boolean {
    super.write(chunk, release);
    return false;
  }

  override drained(): Promise<void> {
    this.#gate = Promise.withResolvers<void>();
    return this.#gate.promise;
  }

  open(): void {
    this.#gate.resolve();
  }

  break(error: Error): void {
    this.#gate.reject(error);
  }
}

/** Takes everything and gives nothing back until `releaseAll`. */
export class HoardingSink implements ChunkSink {
  length = 0;
  readonly #releases: (() => void)[] = [];

  write(chunk: Buffer, release: () => void): boolean {
    this.length += chunk.length;
    this.#releases.push(release);
    return true;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  releaseAll(): void {
    for (const release of this.#releases.splice(0)) release();
  }
}
