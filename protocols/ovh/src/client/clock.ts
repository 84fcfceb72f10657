import { setTimeout as sleep } from 'node:timers/promises';

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
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
