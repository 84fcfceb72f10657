/** A clock that tests turn; without a start time it follows the machine, plus what it was turned by. */
export class FakeClock {
  #offset = 0;
  readonly #base: () => number;

  /** @param start Unix time in ms at which it stands still; absent: it runs */
  constructor(start?: number | (() => number)) {
    if (typeof start === 'function') this.#base = start;
    else this.#base = start === undefined ? () => Date.now() : () => start;
  }

  now(): number {
    return this.#base() + this.#offset;
  }

  /** By how much it was turned. */
  get turnedByMs(): number {
    return this.#offset;
  }

  /** Turns it on by `ms`; a negative number turns it back. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
