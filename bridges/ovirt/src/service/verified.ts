import type { Clock } from '@fairlead/kernel/clock';
import type { Identity } from './identity.ts';

const KEEP_MS = 5 * 60_000;
const MAX_KEPT = 500;

/**
 * Credentials that were right a moment ago, under a keyed digest, so that Basic does not log in to CloudStack for each request
 * (ovirt 3.4). Calls with the same credential at the same time share one login. Bounded; nothing wrong is kept.
 */
export class Verified {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly identity: Promise<Identity>; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(digest: string, verify: () => Promise<Identity>): Promise<Identity> {
    const known = this.#kept.get(digest);
    if (known !== undefined && known.untilMs > this.#clock.now()) return known.identity;
    const identity = verify();
    identity.catch(() => this.drop(digest));
    this.#kept.delete(digest);
    this.#kept.set(digest, { identity, untilMs: this.#clock.now() + KEEP_MS });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return identity;
  }

  drop(digest: string): void {
    this.#kept.delete(digest);
  }
}
