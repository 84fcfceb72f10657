import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import type { ConnectorSettings } from '../config.ts';
import type { SourceName } from '../store/tables.ts';
import { siteConditions } from './blueonyx-conditions.ts';
import { machineConditions } from './cloudstack-conditions.ts';
import { infrastructureConditions } from './infrastructure-conditions.ts';
import { serverConditions } from './ovh-conditions.ts';
import { namesPattern } from './text.ts';
import type { Condition } from './types.ts';

/** When something is worth an alert; the rest of cyberapp 5.5 is fixed. */
export type Thresholds = Pick<
  ConnectorSettings,
  'backup_overdue_after' | 'certificate_days' | 'quota_near_percent' | 'service_expiry_days' | 'source_error_after'
>;

/** What one source tells, put in order once for all organizations. */
export interface SourceView {
  readonly source: SourceName;
  readonly facts: ReadonlyMap<string, readonly InventoryFact[]>;
  /** Hosts and pools: nobody's. */
  readonly infrastructure: readonly InventoryItem[];
  /** Finds names of the inside in messages that customers are to read. */
  readonly names: RegExp | undefined;
}

export interface ConditionInput {
  readonly view: SourceView;
  readonly organization: { readonly id: string; readonly seesInfrastructure: boolean };
  /** Those of the organization. */
  readonly items: readonly InventoryItem[];
  readonly thresholds: Thresholds;
  readonly now: number;
  /** Whether an alert for this is on its way, open, or was dismissed by a person: what has two thresholds closes at the lower one. */
  readonly isOpen: (dedupKey: string) => boolean;
}

const INFRASTRUCTURE = new Set(['host', 'storage_pool']);

export function isInfrastructure({ kind }: InventoryItem): boolean {
  return INFRASTRUCTURE.has(kind);
}

export function sourceView(source: SourceName, items: readonly InventoryItem[], facts: readonly InventoryFact[]): SourceView {
  const infrastructure = items.filter(isInfrastructure);
  return {
    source,
    facts: Map.groupBy(facts, ({ key }) => key),
    infrastructure,
    names: namesPattern(infrastructure.map(({ name }) => name)),
  };
}

/**
 * What is wrong now for one organization, out of what one source tells (cyberapp 5.5). Hold times are not applied: whoever raises
 * alerts waits `ALERT_TYPES[code].holdMs` from `since`. No text holds a name of a host or a pool.
 */
export function conditionsOf(input: ConditionInput): Condition[] {
  const found = FINDERS[input.view.source](input);
  const first = new Map(found.toReversed().map((one) => [one.dedupKey, one]));
  return found.filter((one) => first.get(one.dedupKey) === one).map((one) => ({ ...one, since: momentBefore(one.since, input.now) }));
}

const FINDERS: Readonly<Record<SourceName, (input: ConditionInput) => Condition[]>> = {
  cloudstack: (input) => [...machineConditions(input), ...infrastructureConditions(input)],
  blueonyx: siteConditions,
  ovh: serverConditions,
};

/** A whole number of milliseconds that is not to come: clocks of sources differ. */
function momentBefore(since: number, now: number): number {
  return Number.isNaN(since) ? now : Math.trunc(Math.min(Math.max(since, 0), now));
}
