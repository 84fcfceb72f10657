import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import type { SourceName } from '../store/tables.ts';
import { siteWorkload } from './blueonyx-workload.ts';
import { machineWorkload } from './cloudstack-workload.ts';
import { serverWorkload } from './ovh-workload.ts';
import { cleanText } from './text.ts';
import type { DesiredWorkload, WorkloadCode } from './types.ts';
import { attributesOf } from './workload-values.ts';

/** What a source's mapper makes of an item; the rest is the same for all. */
export interface MappedItem {
  readonly type: WorkloadCode;
  readonly enabled: boolean;
  /** By the names of our attributes; what is no value of its kind is left out. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly volatile?: readonly string[];
}

/** Undefined: nothing that a tenant's console shows. */
export type ItemMapper = (item: InventoryItem, facts: readonly InventoryFact[] | undefined) => MappedItem | undefined;

const MAPPERS: Readonly<Record<SourceName, ItemMapper>> = {
  cloudstack: machineWorkload,
  blueonyx: siteWorkload,
  ovh: serverWorkload,
};

/**
 * What a tenant's console is to show of an item (cyberapp 5.2 to 5.4); undefined for what makes no workload: hosts, pools, domains,
 * destroyed machines. `facts` are those of the item; undefined while they cannot be read.
 */
export function workloadOf(item: InventoryItem, source: SourceName, facts?: readonly InventoryFact[]): DesiredWorkload | undefined {
  const mapped = item.key === '' ? undefined : MAPPERS[source](item, facts);
  if (mapped === undefined) return undefined;
  const { type, enabled, values, volatile = [] } = mapped;
  const attributes = attributesOf(type, item.key, values);
  return {
    itemKey: item.key,
    source,
    type,
    name: nameOf(item, attributes.hostname),
    enabled,
    attributes,
    volatile: volatile.filter((name) => name in attributes),
  };
}

const MOST_NAME = 255;

function nameOf(item: InventoryItem, hostname: unknown): string {
  const names = [item.name, hostname, item.key].map((name) => (typeof name === 'string' ? cleanText(name, MOST_NAME) : ''));
  return names.find((name) => name !== '') ?? 'unnamed';
}
