import type { InventoryRecord } from '@fairlead/ovh/inventory';
import { compactTable } from '../shared/compact-table.ts';
import { printable } from '../shared/text.ts';

const HEADING = ['kind', 'name', 'called', 'state', 'model', 'where', 'address', 'expires', 'open'];
/** A column after these is left away when nothing stands in it. */
const ALWAYS = 4;

/** What a person wants to see of each; all of it is in the other formats. */
export function inventoryTable(records: readonly InventoryRecord[]): string {
  const rows = records.map(rowOf).map((row) => row.map(printable));
  return compactTable(HEADING, rows, ALWAYS);
}

function rowOf(record: InventoryRecord): string[] {
  const { kind, name, displayName, hostname, state, model, location, ips, service, open, errors } = record;
  const called = displayName === name ? (hostname ?? '') : displayName;
  const address = ips?.find((ip) => ip.version === 4 && ip.kind !== 'private') ?? ips?.[0];
  const place = location?.datacenter ?? location?.region ?? location?.country ?? '';
  const expires = service === undefined ? '' : `${service.expires ?? ''}${service.autoRenew === true ? ' ↻' : ''}`;
  const work = (open ?? []).map((one) => one.function ?? one.kind).join(' ');
  const shown = [kind, name, called, state, model ?? '', place, address?.address ?? '', expires, work];
  // Somebody who reads a table must not take a gap for a fact.
  return errors.length === 0 ? shown : shown.with(3, `${state} (?)`);
}
