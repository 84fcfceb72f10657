/** Follows another clock and can be turned on: the time of everything the fake says. */
export class TurnableClock {
  readonly #base: { now(): number };
  #offset = 0;

  constructor(base: { now(): number } = { now: () => Date.now() }) {
    this.#base = base;
  }

  /** Unix time in ms. */
  now(): number {
    return this.#base.now() + this.#offset;
  }

  /** @param ms may be negative */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
