import { ManualClock } from '@fairlead/kernel/clock';

/** A clock turned by hand on which no time at all is over at once. */
export class HandClock extends ManualClock {
  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return ms <= 0 ? Promise.resolve() : super.sleep(ms, signal);
  }
}
