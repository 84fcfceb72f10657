import type { ReadParts } from '../service/parts.ts';

/** Reads the inventory anew with the service key, for ever; ends with the signal. A failure is logged once until it is over. */
export async function refreshInventory(parts: ReadParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts.context;
  let isFailing = false;
  while (!signal.aborted) {
    try {
      await parts.inventory.refreshAll(signal);
      if (isFailing) log.info('the inventory of CloudStack can be read again');
      isFailing = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isFailing) log.warn({ err: error }, 'the inventory of CloudStack cannot be read; trying again');
      isFailing = true;
    }
    await clock.sleep(parts.config.ovirt.inventory_refresh, signal).catch(() => undefined);
  }
}
