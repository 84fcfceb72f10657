import { RENEW_MS } from '../service/locks.ts';
import type { Parts } from '../service/parts.ts';

/** Says every ten seconds that this gateway is alive, so that nobody takes over what it works on; ends with the signal. */
export async function renewLeases({ locks, context }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await context.clock.sleep(RENEW_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    await locks.renew().catch((error: unknown) => context.log.error({ err: error }, 'leases could not be renewed'));
  }
}
