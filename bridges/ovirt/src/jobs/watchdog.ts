import type { Parts } from '../service/parts.ts';

/** How often the rows of backups, transfers and jobs are looked at. */
const ROUND_MS = 15_000;
/** How often it is looked whether a gateway of this machine has died: then the round is held at once. */
const LOOK_MS = 3000;

/** The recovery at start, then a round every 15 seconds, or sooner when another gateway has died; ends with the signal. */
export async function watch(parts: Parts, signal: AbortSignal): Promise<void> {
  const { watchdog, context } = parts;
  let atStart = true;
  while (!signal.aborted) {
    try {
      await watchdog.round(signal, atStart);
    } catch (error) {
      if (!signal.aborted) context.log.error({ err: error }, 'a round of the watchdog has failed');
    }
    atStart = false;
    await restOf(parts, signal);
  }
}

async function restOf({ context, locks }: Parts, signal: AbortSignal): Promise<void> {
  const { clock } = context;
  const end = clock.now() + ROUND_MS;
  while (!signal.aborted && clock.now() < end) {
    await clock.sleep(Math.min(LOOK_MS, end - clock.now()), signal).catch(() => undefined);
    if (!signal.aborted && (await locks.isLeft().catch(() => false))) return;
  }
}
