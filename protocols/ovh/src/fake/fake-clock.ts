/** A clock that tests turn; without a start time it follows the machine, plus what it was turned by. */
export class FakeClock {
  #offset = 0;
  readonly #start: number | undefined;

  /** @param start Unix time in ms at which it stands still; absent: it runs */
  constructor(start?: number) {
    this.#start = start;
  }

  /** Unix time in ms. */
  now(): number {
    return (this.#start ?? Date.now()) + this.#offset;
  }

  /** Turns it on by so many seconds; a negative number turns it back. */
  advance(seconds: number): void {
    this.#offset += seconds * 1000;
  }
}

const DAY_MS = 86_400_000;

/** `2026-01-05T10:00:00+00:00`, as the API writes an instant. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** `2026-01-05`, so many days away. */
export function day(ms: number, away = 0): string {
  return new Date(ms + away * DAY_MS).toISOString().slice(0, 10);
}
