import type { Clock } from '@fairlead/kernel/clock';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** The machine's time, which a test can turn on; whoever sleeps until then wakes at once. */
export class TurnableClock implements Clock {
  #ahead = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: this.now() + ms, wake: resolve };
    const timer = setTimeout(resolve, ms);
    const leave = () => reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    this.#sleepers.add(sleeper);
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
      this.#sleepers.delete(sleeper);
    });
  }

  advance(ms: number): void {
    this.#ahead += ms;
    for (const sleeper of this.#sleepers) if (sleeper.at <= this.now()) sleeper.wake();
  }
}
