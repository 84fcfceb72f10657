import type { FakeClock } from '../fake-clock.ts';
import { refuse } from '../refusal.ts';

/** How many calls each caller may make in a window of so many seconds of the fake's clock. */
export interface QuotaSettings {
  readonly requests: number;
  readonly seconds: number;
}

interface Window {
  readonly endsAt: number;
  used: number;
}

/** Counts calls and refuses those that are too many. */
export class Quota {
  /** May be changed while the fake runs. */
  settings: QuotaSettings | undefined;
  readonly #windows = new Map<string, Window>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, settings: QuotaSettings | undefined) {
    this.#clock = clock;
    this.settings = settings;
  }

  /** Counts a call. Throws a 429 with `Retry-After` when it is one too many. */
  count(caller: string): void {
    if (this.settings === undefined) return;
    const now = this.#clock.now();
    let window = this.#windows.get(caller);
    if (window === undefined || window.endsAt <= now) {
      window = { endsAt: now + this.settings.seconds * 1000, used: 0 };
      this.#windows.set(caller, window);
    }
    window.used += 1;
    if (window.used > this.settings.requests) throw refuse.tooMany(Math.max(1, Math.ceil((window.endsAt - now) / 1000)));
  }
}
