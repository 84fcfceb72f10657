import type { Clock } from '@fairlead/kernel/clock';
import { CyberappError } from '../../errors.ts';

const PER_SECOND = 20;
const BURST = 60;
const MOST_KEYS = 10_000;

/** Calls of one identity: 20 a second, 60 at once (cyberapp 7.4). Counted by each gateway for itself. */
export class CallRates {
  readonly #clock: Clock;
  /** What is left, and when that was so; the least recently used first. */
  readonly #left = new Map<string, { readonly calls: number; readonly at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws CYBERAPP_BUSY. */
  take(key: string): void {
    const now = this.#clock.now();
    const known = this.#left.get(key);
    const calls = known === undefined ? BURST : Math.min(BURST, known.calls + ((now - known.at) / 1000) * PER_SECOND);
    this.#left.delete(key);
    const [oldest] = this.#left.keys();
    if (this.#left.size >= MOST_KEYS && oldest !== undefined) this.#left.delete(oldest);
    this.#left.set(key, { calls: Math.max(0, calls - 1), at: now });
    if (calls < 1) throw CyberappError('CYBERAPP_BUSY', {}, { retryAfterS: 1 });
  }
}
