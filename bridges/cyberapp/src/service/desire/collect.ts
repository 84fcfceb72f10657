import type { Clock } from '@fairlead/kernel/clock';
import type { InventoryItem } from '@fairlead/kernel/services';
import type { Store } from '@fairlead/kernel/store';
import type { ConnectorSettings } from '../../config.ts';
import { assign, type SourcedItem, type Tie } from '../../map/assignment.ts';
import { silentSince } from '../../map/blueonyx-conditions.ts';
import { serverKey, unreachable } from '../../map/blueonyx-workload.ts';
import { conditionsOf, isInfrastructure, type SourceView, sourceView, type Thresholds } from '../../map/conditions.ts';
import { cleanText } from '../../map/text.ts';
import type { DesiredWorkload, TenantDesire } from '../../map/types.ts';
import { workloadOf } from '../../map/workload.ts';
import type { CyberappTables, SourceName } from '../../store/tables.ts';
import { heldAlerts, type Only, type PushedCustomer, pushedCustomers } from './customers.ts';
import { askAll, DEADLINE_MS, type Inventories, type Told } from './inventories.ts';

export interface DesireParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly inventories: Inventories;
  readonly settings: Thresholds & Pick<ConnectorSettings, 'push' | 'console_links'>;
  /** Default: every data center, every customer. */
  readonly only?: Only;
  /** For each source; default 60 s. */
  readonly deadlineMs?: number;
}

/** What stood in the way; the rest is told all the same. */
export interface DesireProblem {
  /** A source that is incomplete. */
  readonly source?: SourceName;
  /** An organization that has no desire because of it. */
  readonly organizationId?: string;
  readonly text: string;
}

export interface Desires {
  /** Of each mapped customer that is neither dormant nor suspended, in the order of their ids. */
  readonly desires: readonly TenantDesire[];
  readonly problems: readonly DesireProblem[];
  readonly ties: readonly Tie[];
  /** What would be a workload, if a rule said whose. */
  readonly unassigned: readonly SourcedItem[];
}

/**
 * What every customer's tenant is to show now, out of what the sources tell (cyberapp 4.9, steps 2 to 4). A source that fails is not
 * complete; a customer that cannot be mapped has no desire, and a problem. Rejects when `signal` aborts, or the store fails.
 */
export async function collectDesires(parts: DesireParts, signal: AbortSignal): Promise<Desires> {
  const { store, clock, inventories, only = {}, deadlineMs = DEADLINE_MS } = parts;
  const told = await askAll(inventories, { clock, deadlineMs }, signal);
  const customers = await pushedCustomers(store, only);
  const held = await heldAlerts(store, only);
  const rules = await store.tables<CyberappTables>().selectFrom('cyberapp_sources').selectAll().execute();
  const { byItem, ties, unassigned } = assign(sourcedItems(told), rules);
  const world: World = { ...parts, told: told.map((one) => ({ ...one, view: sourceView(one.source, one.items, one.facts ?? []) })) };
  const owned = new Map(world.told.map((one) => [one.source, Map.groupBy(one.items, (item) => byItem.get(item.key) ?? '')]));
  const desires: TenantDesire[] = [];
  const problems: DesireProblem[] = told.flatMap(({ source, reason }) => (reason === undefined ? [] : [{ source, text: reason }]));
  for (const customer of customers) {
    try {
      const itemsOf = (source: SourceName) => owned.get(source)?.get(customer.organization_id) ?? [];
      const keys = held.get(customer.acronis_tenant_id);
      desires.push(desireOf(world, customer, { itemsOf, isOpen: (key) => keys?.has(key) ?? false }));
    } catch (error) {
      problems.push({ organizationId: customer.organization_id, text: cleanText(error instanceof Error ? error.message : 'unknown', 500) });
    }
  }
  return { desires, problems, ties, unassigned: unassigned.filter(({ item, source }) => workloadOf(item, source) !== undefined) };
}

interface World extends DesireParts {
  readonly told: readonly (Told & { readonly view: SourceView })[];
}

interface Owned {
  readonly itemsOf: (source: SourceName) => readonly InventoryItem[];
  readonly isOpen: (dedupKey: string) => boolean;
}

/** Everything that can have an owner. */
export function* sourcedItems(told: readonly Told[]): Generator<SourcedItem> {
  for (const { source, items } of told) for (const item of items) if (!isInfrastructure(item)) yield { source, item };
}

function desireOf(world: World, customer: PushedCustomer, { itemsOf, isOpen }: Owned): TenantDesire {
  const { told, settings, clock } = world;
  const organization = { id: customer.organization_id, seesInfrastructure: customer.sees_infrastructure !== 0 };
  const now = clock.now();
  return {
    tenantId: customer.acronis_tenant_id,
    organizationId: customer.organization_id,
    datacenterId: customer.datacenter_id,
    workloads: told.flatMap((one) => itemsOf(one.source).flatMap((item) => workloadFrom(world, one, item) ?? [])),
    conditions: told.flatMap(({ source, view }) =>
      conditionsOf({ view, organization, items: itemsOf(source), thresholds: settings, now, isOpen }),
    ),
    complete: new Set(told.filter(({ complete }) => complete).map(({ source }) => source)),
    push: {
      workloads: settings.push.includes('workloads') && (customer.push === 'all' || customer.push === 'workloads'),
      alerts: settings.push.includes('alerts') && (customer.push === 'all' || customer.push === 'alerts'),
    },
  };
}

function workloadFrom({ settings, clock }: World, { source, facts, view }: World['told'][number], item: InventoryItem) {
  const workload = workloadOf(item, source, facts && (view.facts.get(item.key) ?? []));
  if (workload === undefined) return undefined;
  const shown = settings.console_links ? workload : withoutLink(workload);
  const server = source === 'blueonyx' ? serverKey(item.key) : undefined;
  if (server === undefined) return shown;
  return silentSince(view.facts.get(server), clock.now(), settings.source_error_after) === undefined ? shown : unreachable(shown);
}

function withoutLink(workload: DesiredWorkload): DesiredWorkload {
  const { console_url: link, ...attributes } = workload.attributes;
  return link === undefined ? workload : { ...workload, attributes };
}
