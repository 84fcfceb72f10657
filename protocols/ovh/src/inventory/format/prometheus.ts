import type { InventoryRecord } from '../record.ts';
import { type Host, hostsOf, safeName } from './hosts.ts';

/**
 * Targets for `file_sd_configs` of Prometheus: the machines that have an address, without a port, their data as `__meta_ovh_…`
 * labels for relabelling.
 */
export function toPrometheus(records: readonly InventoryRecord[]): string {
  const groups = hostsOf(records).flatMap((host) => (host.address === undefined ? [] : [groupOf(host, host.address)]));
  return `${JSON.stringify(groups, null, 2)}\n`;
}

function groupOf({ record }: Host, address: string) {
  const target = address.includes(':') ? `[${address}]` : address;
  return { targets: [target], labels: labelsOf(record) };
}

function labelsOf(record: InventoryRecord): Record<string, string> {
  const { location, project, service } = record;
  const labels: [string, string | undefined][] = [
    ['id', record.id],
    ['kind', record.kind],
    ['name', record.name],
    ['display_name', record.displayName],
    ['account', record.account],
    ['endpoint', record.endpoint],
    ['state', record.state],
    ['hostname', record.hostname],
    ['model', record.model],
    ['datacenter', location?.datacenter],
    ['region', location?.region],
    ['zone', location?.zone],
    ['rack', location?.rack],
    ['os', record.os],
    ['project', project?.name ?? project?.id],
    ['expires', service?.expires],
    ...Object.entries(record.tags ?? {}).map(([key, value]): [string, string] => [`tag_${key}`, value]),
  ];
  const present = labels.filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  return Object.fromEntries(present.map(([name, value]) => [`__meta_ovh_${safeName(name)}`, value]));
}
