import type { Parts } from '../service/parts.ts';

/** How often the rows of backups, transfers and jobs are looked at. */
const ROUND_MS = 15_000;

/** The recovery at start, then a round every 15 seconds; ends with the signal. */
export async function watch({ watchdog, context }: Parts, signal: AbortSignal): Promise<void> {
  let atStart = true;
  while (!signal.aborted) {
    try {
      await watchdog.round(signal, atStart);
    } catch (error) {
      if (!signal.aborted) context.log.error({ err: error }, 'a round of the watchdog has failed');
    }
    atStart = false;
    await context.clock.sleep(ROUND_MS, signal).catch(() => undefined);
  }
}
