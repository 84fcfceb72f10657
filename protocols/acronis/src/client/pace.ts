import type { Clock } from '@fairlead/kernel/clock';
import { failureError } from './outcome.ts';

export interface PaceOptions {
  readonly dc: string;
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly clock: Clock;
}

/** How fast one data center is talked to, by all its workers together (CyberApp 4.11). */
export class Pace {
  readonly #options: PaceOptions;
  /** May be negative: then it is what was promised to those who sleep already. */
  #tokens: number;
  #filledAt: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** @throws RangeError for a pace that lets nothing through */
  constructor(options: PaceOptions) {
    if (!(options.requestsPerSecond > 0 && options.burst >= 1)) throw new RangeError('requestsPerSecond must be above 0, burst 1 or more');
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** When the data center may be talked to again, ms since 1970; undefined while it may. */
  get pausedUntil(): number | undefined {
    return this.#pausedUntil > this.#options.clock.now() ? this.#pausedUntil : undefined;
  }

  /** Nothing is sent for so long: the data center asked for it. A shorter pause does not end a longer one. */
  pause(seconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.clock.now() + seconds * 1000);
  }

  /** Waits for the turn of `call`. @throws ACRONIS_THROTTLED at once, or after the wait, while there is a pause */
  async turn(call: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.#refuseWhilePaused(call);
    const { clock, requestsPerSecond, burst } = this.#options;
    const now = clock.now();
    // The clock may have been set back.
    const passedS = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + passedS * requestsPerSecond);
    this.#filledAt = now;
    this.#tokens -= 1;
    if (this.#tokens >= 0) return;
    try {
      await clock.sleep((-this.#tokens / requestsPerSecond) * 1000, signal);
    } catch (error) {
      this.#tokens += 1;
      throw error;
    }
    this.#refuseWhilePaused(call);
  }

  #refuseWhilePaused(call: string): void {
    const until = this.pausedUntil;
    if (until === undefined) return;
    const retryAfterS = Math.ceil((until - this.#options.clock.now()) / 1000);
    throw failureError({ kind: 'throttled', reason: `paused for ${retryAfterS} s more`, retryAfterS }, this.#options.dc, call);
  }
}
