import { LONGEST_MS } from './span.ts';

/** Time as an argument, so that tests need not wait for it. */
export interface Clock {
  /** Wall clock, ms since 1970; may jump. */
  now(): number;
  /** ms since whenever; never jumps. */
  monotonic(): number;
  /** Throws the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
        Math.min(ms, LONGEST_MS),
      );
      signal?.addEventListener('abort', abort, { once: true });
    }),
};
