import { type ApiError, serverApi } from './api-error.ts';
import type { Caller } from './caller.ts';
import type { FakeClock } from './fake-clock.ts';

/** `api.throttling.*`: so many calls of an account in an interval; not for root admins. */
export class Throttle {
  readonly #clock: FakeClock;
  readonly #counts = new Map<string, { since: number; calls: number }>();
  #limit: { readonly max: number; readonly intervalMs: number } | undefined;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Switches it on, or off with undefined. */
  set(limit: { readonly max: number; readonly intervalMs: number } | undefined): void {
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
}

export function tooMany(waitMs: number): ApiError {
  return serverApi(429, `The given user has reached his/her account api limit, please retry after [${waitMs}] ms.`);
}
