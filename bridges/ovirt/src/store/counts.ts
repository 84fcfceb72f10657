import type { OvirtStore } from './ovirt-store.ts';

/** Rows of a table by their phase. */
export async function countByPhase(
  store: OvirtStore,
  table: 'ovirt_backups' | 'ovirt_transfers',
): Promise<readonly { readonly phase: string; readonly rows: number }[]> {
  const rows = await store.tables
    .selectFrom(table)
    .select((get) => ['phase', get.fn.countAll<number>().as('rows')])
    .groupBy('phase')
    .execute();
  return rows.map((row) => ({ phase: row.phase, rows: Number(row.rows) }));
}

/** What is kept of each kind in the view of the service key: how much, and when it was last listed whole (0: never). */
export async function countInventory(
  store: OvirtStore,
): Promise<readonly { readonly kind: string; readonly objects: number; readonly listedMs: number }[]> {
  const rows = await store.tables
    .selectFrom('ovirt_inventory_state as state')
    .leftJoin('ovirt_inventory as object', (join) =>
      join.onRef('object.kind', '=', 'state.kind').onRef('object.scope', '=', 'state.scope').on('object.body', '!=', ''),
    )
    .select((get) => ['state.kind', 'state.listed_ms', get.fn.count<number>('object.id').as('objects')])
    .where('state.scope', '=', 'service')
    .groupBy(['state.kind', 'state.listed_ms'])
    .execute();
  return rows.map((row) => ({ kind: row.kind, objects: Number(row.objects), listedMs: Number(row.listed_ms) }));
}
