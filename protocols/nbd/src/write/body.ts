import { ChunkList } from './chunk-list.ts';

/** Gives bytes bit by bit: chunk by chunk, or several chunks at a time where a turn for each would cost too much. */
export type ByteSource = AsyncIterable<Uint8Array | readonly Uint8Array[]>;

/** Takes numbers of bytes from a source of chunks; waiting for the source can be ended from outside. */
export class Body {
  readonly #iterator: AsyncIterator<Uint8Array | readonly Uint8Array[]>;
  readonly #held = new ChunkList();
  #ended = false;
  #stopped: unknown;
  #reject: ((error: unknown) => void) | undefined;

  constructor(source: ByteSource) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** Bytes the source gave and nobody took. */
  get excess(): number {
    return this.#held.bytes;
  }

  /** The next `bytes`, or fewer if the source ends before. Throws what the source throws. */
  async take(bytes: number): Promise<Uint8Array[]> {
    while (this.#held.bytes < bytes && !this.#ended) {
      const result = await this.#next();
      if (result.done) this.#ended = true;
      else this.#hold(result.value);
    }
    return this.#held.take(bytes);
  }

  /** Ends the waiting, now and later. */
  stop(error: unknown): void {
    this.#stopped ??= error;
    this.#reject?.(error);
  }

  /** Tells the source that nothing more is wanted of it, without waiting for what it makes of that. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#iterator.return?.().catch(ignore);
  }

  #hold(given: Uint8Array | readonly Uint8Array[]): void {
    if (given instanceof Uint8Array) this.#held.push(given);
    else for (const chunk of given) this.#held.push(chunk);
  }

  #next(): Promise<IteratorResult<Uint8Array | readonly Uint8Array[]>> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    // A race with one long-lived promise would keep a reaction per chunk until the end of the transfer.
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#iterator.next().then(resolve, (error: unknown) => {
        this.#ended = true;
        reject(error);
      });
    });
  }
}

function ignore(): void {}
