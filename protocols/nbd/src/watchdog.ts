import { NBD_CMD_FLUSH } from './codec/wire.ts';
import { NbdError } from './error.ts';
import type { Pending } from './pending.ts';

const LONGEST_TICK_MS = 1000;
const TICKS_PER_LIMIT = 8;

/**
 * One timer per connection. It watches the oldest outstanding request only: whatever waits behind it in a slow server is
 * no fault, and becomes the oldest in its turn. Data passing, or a payload gone out, is progress (imageio 9.3).
 */
export class Watchdog {
  readonly #limits: { readonly requestMs: number; readonly flushMs: number };
  readonly #pending: ReadonlyMap<number, Pending>;
  readonly #bite: (error: NbdError) => void;
  readonly #timer: NodeJS.Timeout;
  #watched: Pending | undefined;
  #progress = 0;
  #since = 0;

  constructor(limits: { requestMs: number; flushMs: number }, pending: ReadonlyMap<number, Pending>, bite: (error: NbdError) => void) {
    this.#limits = limits;
    this.#pending = pending;
    this.#bite = bite;
    const tick = Math.min(LONGEST_TICK_MS, Math.ceil(Math.min(limits.requestMs, limits.flushMs) / TICKS_PER_LIMIT));
    this.#timer = setInterval(() => this.#look(performance.now()), tick);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    const oldest = this.#pending.values().next().value;
    if (oldest === undefined || oldest !== this.#watched || oldest.progress !== this.#progress) {
      this.#watched = oldest;
      this.#progress = oldest?.progress ?? 0;
      this.#since = now;
      return;
    }
    const limit = oldest.type === NBD_CMD_FLUSH ? this.#limits.flushMs : this.#limits.requestMs;
    if (now - this.#since >= limit) {
      this.#bite(new NbdError('NBD_TIMEOUT', `a request of type ${oldest.type} made no progress for ${limit} ms`));
    }
  }
}
