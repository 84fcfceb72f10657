import type { InventoryClient, InventoryOptions } from './options.ts';
import type { Inventory } from './record.ts';

export async function readInventory(client: InventoryClient, options: InventoryOptions = {}): Promise<Inventory> {
  options.signal?.throwIfAborted();
  const fetchedAt = new Date((options.clock ?? Date).now()).toISOString();
  return {
    complete: true,
    account: options.account ?? '',
    endpoint: client.endpoint.name,
    fetchedAt,
    records: [],
    errors: [],
    missingRules: [],
  };
}
