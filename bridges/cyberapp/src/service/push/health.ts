import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables } from '../../store/tables.ts';
import { unconfiguredDatacenters } from './mapped.ts';
import { RunRows } from './run-rows.ts';
import { Targets, WHOLE_DATACENTER } from './targets.ts';

export interface HealthOptions {
  readonly datacenters: readonly string[];
  readonly intervalMs: number;
}

const LATE_AFTER = 3;

/** How runs go, a fact for each data center; `warning` when something is degraded. The gateway is ready all the same (cyberapp 10.4). */
export async function connectorFacts(store: Store, { datacenters, intervalMs }: HealthOptions): Promise<Readonly<Record<string, string>>> {
  const now = store.clock.now();
  const facts: Record<string, string> = {};
  const warnings: string[] = [];
  for (const id of datacenters) {
    const whole = (await new Targets(store).load(id)).get(WHOLE_DATACENTER);
    const isPaused = whole !== undefined && whole.next_attempt_ms > now;
    const last = await new RunRows(store).last(id);
    const ended = last?.finished_ms ?? undefined;
    facts[`data center ${id}`] = last === undefined || ended === undefined ? 'no run yet' : `${last.outcome}, ${momentOf(ended)}`;
    if (isPaused) warnings.push(`${id} is paused: ${whole.paused_reason ?? 'unknown'}`);
    else if (ended !== undefined && now - ended > LATE_AFTER * intervalMs)
      warnings.push(`${id} has not been pushed to since ${momentOf(ended)}`);
  }
  const unconfigured = await unconfiguredDatacenters(store, new Set(datacenters));
  if (unconfigured.length > 0) warnings.push(`customers are mapped in ${unconfigured.slice(0, 5).join(', ')}, which has no client here`);
  const guarded = await guardedTenants(store);
  if (guarded > 0) warnings.push(`removals of ${guarded} organizations are held back: too much has vanished at once`);
  return warnings.length === 0 ? facts : { ...facts, warning: warnings.join('; ') };
}

async function guardedTenants(store: Store): Promise<number> {
  const row = await store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_targets')
    .select((get) => get.fn.countAll<number>().as('count'))
    .where('paused_reason', '=', 'delete_guard')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
