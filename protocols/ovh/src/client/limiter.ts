import { ConfigurationError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';

export interface LimiterOptions {
  /** Requests under way at once. Default 10, 1 at least. */
  readonly concurrency?: number | undefined;
  /** A token bucket over requests, retries among them. Default: none. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number | undefined } | undefined;
}

const DEFAULT_CONCURRENCY = 10;

/** Holds calls back: first come, first served; a place that is given back goes to the next. */
export class Limiter {
  readonly #clock: Clock;
  readonly #concurrency: number;
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #queue: (() => void)[] = [];
  #busy = 0;
  /** May be negative: then it is what was promised to those who sleep already. */
  #tokens: number;
  #filledAt: number;

  /** Throws ConfigurationError for limits that let nothing through. */
  constructor(options: LimiterOptions, clock: Clock) {
    this.#clock = clock;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#perSecond = options.rateLimit?.perSecond ?? Number.POSITIVE_INFINITY;
    this.#burst = options.rateLimit?.burst ?? Math.max(1, Math.ceil(options.rateLimit?.perSecond ?? 1));
    if (!(this.#concurrency >= 1)) throw new ConfigurationError('concurrency must be 1 or more');
    if (!(this.#perSecond > 0 && this.#burst >= 1)) throw new ConfigurationError('rateLimit: perSecond must be above 0, burst 1 or more');
    this.#tokens = this.#burst;
    this.#filledAt = clock.monotonic();
  }

  /** Waits for a place and a token; the answer gives the place back and may be called more than once. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    await this.#place(signal);
    let held = true;
    const release = (): void => {
      if (held) this.#leave();
      held = false;
    };
    try {
      await this.#token(signal);
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  #place(signal: AbortSignal): Promise<void> {
    if (this.#busy < this.#concurrency) {
      this.#busy += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(enter);
    });
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  async #token(signal: AbortSignal): Promise<void> {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    this.#tokens -= 1;
    if (this.#tokens >= 0) return;
    try {
      await this.#clock.sleep((-this.#tokens / this.#perSecond) * 1000, signal);
    } catch (error) {
      this.#tokens += 1;
      throw error;
    }
  }
}
