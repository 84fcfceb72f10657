import type { Duplex } from 'node:stream';

/** What may wait unread in memory before the peer is made to wait. */
const HIGH_WATER = 256 * 1024;

/**
 * The pieces of a stream, one after the other. What the peer sent is given even when it is gone meanwhile: a handler may say BYE and end
 * without reading what we answer.
 */
export class PieceReader {
  readonly #stream: Duplex;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #ended: boolean;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    // One that is over already tells so no more.
    this.#ended = stream.destroyed || stream.readableEnded;
    stream.on('data', this.#onData);
    for (const event of ['end', 'close', 'error']) stream.on(event, this.#onEnd);
  }

  /** The next piece; undefined at the end, or when `interrupt` was called. */
  async next(): Promise<Uint8Array | undefined> {
    await this.ready();
    return this.#take();
  }

  /** Ends when there is something to read, at the end, or when `interrupt` was called; takes nothing. */
  async ready(): Promise<void> {
    if (this.#pieces.length > 0 || this.#ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }

  /** Ends the wait of `next`. */
  interrupt(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** From here on, what comes is thrown away. */
  discard(): void {
    this.#stream.off('data', this.#onData);
    this.#pieces = [];
    this.#stream.resume();
  }

  #take(): Uint8Array | undefined {
    const piece = this.#pieces.shift();
    this.#bytes -= piece?.length ?? 0;
    if (this.#pieces.length === 0 && this.#stream.isPaused()) this.#stream.resume();
    return piece;
  }

  readonly #onData = (piece: Uint8Array): void => {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > HIGH_WATER) this.#stream.pause();
    this.interrupt();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.interrupt();
  };
}
