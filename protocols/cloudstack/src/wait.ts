/** Unix time in ms, and a wait; tests turn it. */
export interface CloudStackClock {
  now(): number;
  /** Default: a timer. */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: CloudStackClock = { now: () => Date.now() };

/**
 * Waits.
 * @param ms how long
 * @throws the reason of the signal when it is aborted meanwhile
 */
export function sleep(clock: CloudStackClock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (clock.sleep !== undefined) return clock.sleep(ms, signal);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
