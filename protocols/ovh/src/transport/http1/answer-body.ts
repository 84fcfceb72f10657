import type { WireBody } from '../transport.ts';

/** More than this is not read ahead of who reads the body. */
const AHEAD_BYTES = 1024 * 1024;
/** So many pieces become one: a piece costs a hundred bytes besides its own, and a hostile server may send one for each byte. */
const MOST_PIECES = 1024;

/** What the body tells the connection that it comes from. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Nobody wants the rest. */
  abandon(): void;
}

/** A body as it comes in: read piece by piece, or at once. One reader. */
export class AnswerBody implements WireBody {
  readonly #source: BodySource;
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Pieces that were joined already. */
  #joined = 0;
  #state: 'open' | 'ended' | 'failed' = 'open';
  #error: unknown;
  #wake: (() => void) | undefined;
  #whole = false;

  constructor(source: BodySource) {
    this.#source = source;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#pieces.length - this.#joined >= MOST_PIECES) this.#join();
    if (this.#held > AHEAD_BYTES && !this.#whole) this.#source.pause();
    if (!this.#whole) this.#wake?.();
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    this.#wake?.();
  }

  fail(error: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#error = error;
    this.#wake?.();
  }

  /** All of it; the limit of its size is the connection's. */
  async bytes(): Promise<Uint8Array> {
    if (this.#state === 'open') {
      this.#whole = true;
      this.#source.resume();
      await this.#more();
    }
    if (this.#state === 'failed') throw this.#error;
    const [first] = this.#pieces;
    return first !== undefined && this.#pieces.length === 1 ? first : joined(this.#pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      while (true) {
        for (const piece of this.#take()) yield piece;
        if (this.#pieces.length > 0) continue;
        if (this.#state === 'failed') throw this.#error;
        if (this.#state === 'ended') return;
        await this.#more();
      }
    } finally {
      this.destroy();
    }
  }

  destroy(error?: Error): void {
    if (this.#state !== 'open') return;
    this.fail(error ?? new Error('The body was destroyed'));
    this.#source.abandon();
  }

  #take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#held = 0;
    this.#joined = 0;
    this.#source.resume();
    return pieces;
  }

  #join(): void {
    const fresh = this.#pieces.splice(this.#joined);
    this.#pieces.push(joined(fresh));
    this.#joined += 1;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
