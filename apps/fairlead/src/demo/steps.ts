import { systemClock } from '@fairlead/kernel/clock';
import { formatSeconds, speed } from '../backup/progress.ts';

export interface StoryRow {
  readonly step: string;
  readonly ok: boolean;
  readonly result: string;
  readonly time: string;
  readonly speed: string;
}

interface Outcome {
  readonly result: string;
  readonly bytes?: number;
}

/** Does one step of a story and keeps what came of it; throws when it does not hold. */
export type Step = <T>(name: string, work: () => Promise<T>, tell: (value: T) => Outcome) => Promise<T>;

/** Steps that write their rows to `rows`; no step begins when the signal has ended. */
export function stepsInto(rows: StoryRow[], signal: AbortSignal): Step {
  return async (name, work, tell) => {
    const begin = systemClock.now();
    try {
      signal.throwIfAborted();
      const value = await work();
      const seconds = (systemClock.now() - begin) / 1000;
      const { result, bytes } = tell(value);
      rows.push({ step: name, ok: true, result, time: formatSeconds(seconds), speed: bytes === undefined ? '' : speed(bytes, seconds) });
      return value;
    } catch (error) {
      const reason = signal.aborted ? signal.reason : error;
      rows.push({ step: name, ok: false, result: `FAILED: ${reason instanceof Error ? reason.message : reason}`, time: '', speed: '' });
      throw reason;
    }
  };
}
