import type { Clock } from '@fairlead/kernel/clock';

/** A wrong clock of theirs is followed, nonsense is not: beyond this the header is passed over. */
const MOST_MS = 366 * 24 * 3_600_000;

/** The clock of a data center, as far as its `Date` headers tell. */
export class ServerTime {
  readonly #clock: Clock;
  #offsetMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Server minus local. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  note(date: string | readonly string[] | undefined): void {
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    const offset = at - this.#clock.now();
    // A header of whole seconds: less than one is no difference.
    if (Math.abs(offset) < MOST_MS) this.#offsetMs = Math.abs(offset) <= 1000 ? 0 : offset;
  }
}
