import { ovirtMetrics } from '../metrics.ts';
import { countByPhase, countInventory } from '../store/counts.ts';
import type { ReadParts } from './parts.ts';

/** The gauges that are read from rows when Prometheus asks. */
export function watchRows({ context, store }: Pick<ReadParts, 'context' | 'store'>): void {
  const { backups, transfers, objects, age } = context.metrics.use(ovirtMetrics);
  backups.collect(async () => (await countByPhase(store, 'ovirt_backups')).map(({ phase, rows }) => ({ labels: { phase }, value: rows })));
  transfers.collect(async () =>
    (await countByPhase(store, 'ovirt_transfers')).map(({ phase, rows }) => ({ labels: { phase }, value: rows })),
  );
  objects.collect(async () => (await countInventory(store)).map(({ kind, objects: value }) => ({ labels: { kind }, value })));
  age.collect(async () => {
    const now = context.clock.now();
    const listed = (await countInventory(store)).filter(({ listedMs }) => listedMs > 0);
    return listed.map(({ kind, listedMs }) => ({ labels: { kind }, value: (now - listedMs) / 1000 }));
  });
}
