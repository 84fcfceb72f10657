import type { InventoryRecord } from '../record.ts';
import { toAnsible } from './ansible.ts';
import { toCsv } from './csv.ts';
import { toPrometheus } from './prometheus.ts';

export type InventoryFormat = 'json' | 'ndjson' | 'csv' | 'ansible' | 'prometheus';

/** Records as a text that ends in a line end (`ndjson` of no records: the empty text), in the order in which they are given. */
export function formatInventory(records: readonly InventoryRecord[], format: InventoryFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(records, null, 2)}\n`;
    case 'ndjson':
      return records.map((record) => `${JSON.stringify(record)}\n`).join('');
    case 'csv':
      return toCsv(records);
    case 'ansible':
      return toAnsible(records);
    case 'prometheus':
      return toPrometheus(records);
  }
}
