import type { InventoryRecord } from '../record.ts';

export type InventoryFormat = 'json' | 'ndjson' | 'csv' | 'ansible' | 'prometheus';

export function formatInventory(records: readonly InventoryRecord[], _format: InventoryFormat): string {
  return `${JSON.stringify(records, null, 2)}\n`;
}
