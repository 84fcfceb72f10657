import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/** How long to wait, and what the error shall say was awaited. */
export interface UntilOptions {
  /** Milliseconds before giving up; 5000 unless told. */
  readonly timeoutMs?: number;
  /** Completes the sentence "timed out waiting for ...". */
  readonly what?: string;
  readonly signal?: AbortSignal;
}

type Falsy = undefined | null | false | 0 | '';

/**
 * Asks `condition` again and again until it gives something truthy, and gives that.
 * What the condition throws counts as "not yet"; the last such error is the cause of the deadline's error.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<Exclude<Awaited<T>, Falsy>> {
  const { timeoutMs = 5000, what = 'the condition', signal } = options;
  const deadline = performance.now() + timeoutMs;
  let pause = FIRST_PAUSE_MS;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value) return value as Exclude<Awaited<T>, Falsy>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`, { cause });
    await wait(pause, undefined, { ...(signal === undefined ? {} : { signal }) });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
