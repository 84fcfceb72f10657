import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import type { Store } from '@fairlead/kernel/store';
import type { connectorMetrics } from '../../connector-metrics.ts';
import type { CyberappTables } from '../../store/tables.ts';

/** Counts rows whenever somebody asks for the numbers. */
export function watchRows(store: Store, { workloads, alerts, paused }: InstrumentsOf<typeof connectorMetrics>): void {
  workloads.collect(() => byState(store, 'cyberapp_workloads'));
  alerts.collect(() => byState(store, 'cyberapp_alerts'));
  paused.collect(async () => {
    const row = await store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_targets')
      .select((get) => get.fn.countAll<number>().as('count'))
      .where('next_attempt_ms', '>', store.clock.now())
      .executeTakeFirstOrThrow();
    return [{ labels: {}, value: Number(row.count) }];
  });
}

async function byState(store: Store, table: 'cyberapp_workloads' | 'cyberapp_alerts') {
  const rows = await store
    .tables<CyberappTables>()
    .selectFrom(table)
    .select((get) => ['state', get.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return rows.map(({ state, count }) => ({ labels: { state }, value: Number(count) }));
}
