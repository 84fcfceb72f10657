import type { InventoryItem } from '@fairlead/kernel/services';
import { condition, levelOf, nameRows, percentText, shortName } from './condition.ts';
import type { ConditionInput } from './conditions.ts';
import { factOf, wordOf } from './facts.ts';
import { sinceText } from './text.ts';
import type { Condition } from './types.ts';

const DOWN = new Set(['down', 'disconnected', 'alert']);

/** What is wrong with hosts and pools, as far as it is the organization's business (cyberapp 5.5). */
export function infrastructureConditions(input: ConditionInput): Condition[] {
  const { infrastructure } = input.view;
  return [
    ...infrastructure.flatMap((item) => (item.kind === 'host' ? (hostDown(input, item) ?? []) : [])),
    ...infrastructure.flatMap((item) => (item.kind === 'storage_pool' ? (storageFull(input, item) ?? []) : [])),
  ];
}

/** Tells the machines of this customer alone, and nothing of the host. */
function hostDown({ view, organization, items }: ConditionInput, host: InventoryItem): Condition | undefined {
  const facts = view.facts.get(host.key) ?? [];
  const down = factOf(facts, 'host_state');
  const parts = partsOf(host.key);
  if (down === undefined || parts === undefined || !DOWN.has(wordOf(facts, 'host_state') ?? '')) return undefined;
  const isThere = ({ key, attributes }: InventoryItem) => attributes.host_id === parts.id && partsOf(key)?.cloud === parts.cloud;
  const names = items
    .filter(isThere)
    .map(({ name, key }) => shortName(name, key))
    .toSorted();
  if (names.length === 0) return undefined;
  const machines = names.length === 1 ? 'One machine is' : `${names.length} machines are`;
  return condition({
    dedupKey: `host_down:${parts.cloud}:${parts.id}:${organization.id}`,
    code: 'host_down',
    source: 'cloudstack',
    since: down.since,
    title: `${machines} on a host that is down`,
    description: 'The host of these machines does not answer. They are not running, or cannot be reached, until it is back.',
    fields: { [AFFECTED]: String(names.length), Since: sinceText(down.since), ...nameRows('Machines', names) },
  });
}

/** The field of `host_down` that says how many machines there are: an alert is renewed when they grow by half (cyberapp 5.6). */
export const AFFECTED = 'Machines affected';

/** Those who see a pool at all see that it fills; not which one it is. */
function storageFull({ view, organization, isOpen }: ConditionInput, pool: InventoryItem): Condition | undefined {
  const used = factOf(view.facts.get(pool.key) ?? [], 'used_share');
  const id = partsOf(pool.key)?.id;
  if (!organization.seesInfrastructure || typeof used?.value !== 'number' || id === undefined) return undefined;
  const levels = {
    near: { dedupKey: `storage:${id}:nearly_full:${organization.id}`, raise: 0.85, clear: 0.8 },
    full: { dedupKey: `storage:${id}:full:${organization.id}`, raise: 0.95, clear: 0.92 },
  };
  const level = levelOf(used.value, levels, isOpen);
  if (level === undefined) return undefined;
  const words = level === 'full' ? 'full' : 'nearly full';
  return condition({
    dedupKey: levels[level].dedupKey,
    code: level === 'full' ? 'storage_full' : 'storage_nearly_full',
    source: 'cloudstack',
    since: used.since,
    title: `A storage pool is ${words}`,
    description: `${percentText(used.value)} of a storage pool is used. Machines stop when nothing is left of it.`,
    fields: { Used: percentText(used.value) },
  });
}

/** `cs:<cloud>:<kind>:<id>`. */
function partsOf(key: string): { readonly cloud: string; readonly id: string } | undefined {
  const [, cloud, id] = /^cs:(.+):[a-z_]+:([^:]+)$/.exec(key) ?? [];
  return cloud === undefined || id === undefined ? undefined : { cloud, id };
}
