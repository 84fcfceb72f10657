import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { InventorySource } from '@fairlead/kernel/services';
import type { OvirtSettings } from '../config.ts';
import { InventoryRows } from '../store/inventory-rows.ts';
import { OvirtStore } from '../store/ovirt-store.ts';
import { CloudSource } from './cloud-source.ts';
import { ServiceView } from './service-view.ts';
import { Shelves } from './shelves.ts';
import { ToldFacts } from './told-facts.ts';

/**
 * What a gateway tells as `inventory.cloudstack`, for another process on its store: from the rows that the gateway keeps, which are never
 * refreshed here. CloudStack is not asked.
 */
export function openInventory(
  context: Pick<BridgeContext, 'store' | 'clock'>,
  { ovirt, cloudstack }: Pick<OvirtSettings, 'ovirt' | 'cloudstack'>,
): InventorySource {
  const { clock } = context;
  const store = new OvirtStore(context.store);
  const hasServiceKey = cloudstack.api_key !== undefined && cloudstack.secret_key !== undefined;
  const shelves = new Shelves(new InventoryRows(store), clock);
  const cloud = { hasServiceKey, service: async () => undefined };
  const view = new ServiceView({ shelves, cloud, clock, refreshMs: ovirt.inventory_refresh });
  return new CloudSource({ store, view, facts: new ToldFacts({ store, clock, view }), cloud: cloudstack.name });
}
