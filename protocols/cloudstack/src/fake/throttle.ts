import { type ApiError, serverApi } from './api-error.ts';
import type { Caller } from './caller.ts';
import type { FakeClock } from './fake-clock.ts';

/** `api.throttling.max` and `api.throttling.interval`. */
export interface ThrottleLimit {
  readonly max: number;
  readonly intervalMs: number;
}

/** What the server has while nobody switches it on. */
const DEFAULT: ThrottleLimit = { max: 25, intervalMs: 1000 };

/** `api.throttling.*`: so many calls of an account in an interval; not for root admins. */
export class Throttle {
  readonly #clock: FakeClock;
  readonly #counts = new Map<string, { since: number; calls: number }>();
  #limit: ThrottleLimit | undefined;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get limit(): ThrottleLimit | undefined {
    return this.#limit;
  }

  /** Switches it on, or off with undefined. */
  set(limit: ThrottleLimit | undefined): void {
    this.#limit = limit;
    this.#counts.clear();
  }

  /** @throws ApiError 429 */
  check(caller: Caller): void {
    if (this.#limit === undefined || caller.role === 'a') return;
    const now = this.#clock.now();
    const found = this.#counts.get(caller.account.id);
    const count = found === undefined || now - found.since >= this.#limit.intervalMs ? { since: now, calls: 0 } : found;
    this.#counts.set(caller.account.id, count);
    count.calls += 1;
    if (count.calls > this.#limit.max) throw tooMany(count.since + this.#limit.intervalMs - now);
  }

  /** Calls of the interval so far, calls that are left, and ms until the next interval. */
  stateOf(caller: Caller): { issued: number; allowed: number; expireAfterMs: number } {
    const { max, intervalMs } = this.#limit ?? DEFAULT;
    const count = this.#counts.get(caller.account.id);
    if (count === undefined) return { issued: 0, allowed: max, expireAfterMs: intervalMs };
    return {
      issued: count.calls,
      allowed: Math.max(0, max - count.calls),
      expireAfterMs: Math.max(0, count.since + intervalMs - this.#clock.now()),
    };
  }
}

export function tooMany(waitMs: number): ApiError {
  return serverApi(429, `The given user has reached his/her account api limit, please retry after [${waitMs}] ms.`);
}
