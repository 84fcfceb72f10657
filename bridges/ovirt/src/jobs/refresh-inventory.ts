import type { ReadParts } from '../service/parts.ts';
import type { ToldFacts } from '../service/told-facts.ts';

type RefreshParts = Pick<ReadParts, 'context' | 'config' | 'inventory'> & { readonly facts: ToldFacts };

/**
 * Reads the inventory anew with the service key and keeps since when what is so, for ever; ends with the signal. A failure is logged
 * once until it is over.
 */
export async function refreshInventory(parts: RefreshParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts.context;
  let isFailing = false;
  while (!signal.aborted) {
    try {
      await parts.inventory.serviceView.refreshAll(signal);
      if (isFailing) log.info('the inventory of CloudStack can be read again');
      isFailing = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isFailing) log.warn({ err: error }, 'the inventory of CloudStack cannot be read; trying again');
      isFailing = true;
    }
    await observe(parts, signal);
    await clock.sleep(parts.config.ovirt.inventory_refresh, signal).catch(() => undefined);
  }
}

/** Backups go on while CloudStack is away. */
async function observe({ context, facts }: RefreshParts, signal: AbortSignal): Promise<void> {
  try {
    await facts.observe();
  } catch (error) {
    if (!signal.aborted) context.log.error({ err: error }, 'what is so in CloudStack could not be kept');
  }
}
