import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { InventorySource } from '@fairlead/kernel/services';
import { accountsOf } from './accounts.ts';
import type { OvhSettings } from './config.ts';
import { OvhInventory } from './service/inventory.ts';
import { CheckRows } from './store/checks.ts';
import { ItemRows } from './store/items.ts';

/**
 * What a gateway tells as `inventory.ovh`, for another process on its store: from the rows that the gateway keeps, which are never
 * refreshed here. OVHcloud is not asked. Throws as `accountsOf` does.
 */
export function openInventory({ store, clock }: Pick<BridgeContext, 'store' | 'clock'>, settings: OvhSettings): InventorySource {
  const names = accountsOf(settings).map(({ name }) => name);
  const { refresh } = settings.ovh;
  return new OvhInventory({
    accounts: { names },
    checks: new CheckRows(store),
    items: new ItemRows(store),
    clock,
    refreshMs: () => refresh,
  });
}
