import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, RunRow, TargetRow } from '../../store/tables.ts';
import { RunRows } from './run-rows.ts';
import { WHOLE_DATACENTER } from './targets.ts';

/** How pushing to one data center goes. */
export interface DatacenterStatus {
  readonly id: string;
  /** The row of its pause, while it is paused. */
  readonly paused: TargetRow | undefined;
  /** A run that has begun and has not ended; of a gateway that was killed it says so until the next run. */
  readonly running: RunRow | undefined;
  /** The last that ended. */
  readonly last: RunRow | undefined;
  /** How many there are in each state. */
  readonly workloads: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, number>>;
}

export interface ConnectorStatus {
  readonly datacenters: readonly DatacenterStatus[];
  /** Tenants that are paused or guarded, or whose last work failed. */
  readonly tenants: readonly TargetRow[];
}

/** What is known of pushing to these data centers, and to all that ever were pushed to: from the rows alone. */
export async function connectorStatus(store: Store, configured: readonly string[]): Promise<ConnectorStatus> {
  const targets = await store.tables<CyberappTables>().selectFrom('cyberapp_targets').selectAll().orderBy('organization_id').execute();
  const ids = new Set([...configured, ...targets.map((row) => row.datacenter_id)]);
  const datacenters: DatacenterStatus[] = [];
  for (const id of [...ids].toSorted()) datacenters.push(await statusOf(store, id, targets));
  const isTold = (row: TargetRow) => row.paused_reason !== null || row.consecutive_failures > 0;
  return { datacenters, tenants: targets.filter((row) => row.acronis_tenant_id !== WHOLE_DATACENTER && isTold(row)) };
}

async function statusOf(store: Store, id: string, targets: readonly TargetRow[]): Promise<DatacenterStatus> {
  const whole = targets.find((row) => row.datacenter_id === id && row.acronis_tenant_id === WHOLE_DATACENTER);
  const runs = store.tables<CyberappTables>().selectFrom('cyberapp_runs').selectAll().where('datacenter_id', '=', id);
  return {
    id,
    paused: whole !== undefined && whole.next_attempt_ms > store.clock.now() ? whole : undefined,
    running: await runs.where('finished_ms', 'is', null).executeTakeFirst(),
    last: await new RunRows(store).last(id),
    workloads: await statesOf(store, 'cyberapp_workloads', id),
    alerts: await statesOf(store, 'cyberapp_alerts', id),
  };
}

async function statesOf(
  store: Store,
  table: 'cyberapp_workloads' | 'cyberapp_alerts',
  datacenterId: string,
): Promise<Readonly<Record<string, number>>> {
  const rows = await store
    .tables<CyberappTables>()
    .selectFrom(table)
    .select((get) => ['state', get.fn.countAll<number>().as('count')])
    .where('datacenter_id', '=', datacenterId)
    .groupBy('state')
    .orderBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}
