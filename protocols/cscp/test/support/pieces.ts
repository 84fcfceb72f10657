import { Duplex } from 'node:stream';

/** Two ends of a stream in memory; what one writes reaches the other in pieces of the given sizes, in turn, each in a turn of its own. */
export function pairInPieces(sizes: readonly number[]): readonly [Duplex, Duplex] {
  const left: End = new End(sizes, () => right);
  const right: End = new End(sizes.toReversed(), () => left);
  return [left, right];
}

class End extends Duplex {
  readonly #sizes: readonly number[];
  readonly #other: () => End;
  #turn = 0;

  constructor(sizes: readonly number[], other: () => End) {
    super();
    this.#sizes = sizes;
    this.#other = other;
  }

  override _read(): void {
    // What comes is pushed by the other end.
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#pass(bytes, done);
  }

  override _final(done: () => void): void {
    this.#other().push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#other().readableEnded) this.#other().push(null);
    done(error);
  }

  #pass(bytes: Buffer, done: () => void): void {
    if (bytes.length === 0 || this.destroyed || this.#other().destroyed) {
      done();
      return;
    }
    const size = this.#sizes[this.#turn % this.#sizes.length] ?? bytes.length;
    this.#turn += 1;
    this.#other().push(bytes.subarray(0, size));
    setImmediate(() => this.#pass(bytes.subarray(size), done));
  }
}
