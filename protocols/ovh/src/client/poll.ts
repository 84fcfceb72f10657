import { InvalidCallError, TimeoutError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import { spanMs } from './span.ts';

export interface PollOptions {
  /** ms between two questions. */
  readonly interval?: number | undefined;
  /** ms until a TimeoutError of phase `wait`. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks until `ask` gives something else than undefined. The last question is asked when the time is over. */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  clock: Clock,
  options: { readonly interval: number; readonly timeout: number; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  spanMs(options.interval, 'the interval', InvalidCallError);
  spanMs(options.timeout, 'the timeout', InvalidCallError);
  const endsAt = clock.monotonic() + options.timeout;
  for (;;) {
    options.signal?.throwIfAborted();
    const left = endsAt - clock.monotonic();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (left <= 0) throw new TimeoutError(`${what} did not end within ${options.timeout} ms`, { phase: 'wait', sent: true });
    await clock.sleep(Math.min(options.interval, Math.max(left, 1)), options.signal);
  }
}
