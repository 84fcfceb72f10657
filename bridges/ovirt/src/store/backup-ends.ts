import { chunks } from './chunks.ts';
import type { OvirtStore } from './ovirt-store.ts';
import type { BackupEndRow } from './told-tables.ts';
import type { BackupRow } from './write-tables.ts';

/** A part of the backups, by when they ended. Milliseconds since the epoch. */
interface Ended {
  readonly from?: number;
  readonly before?: number;
}

/** Keeps how backups ended: the last good and the last bad end of each VM. What is kept already is not overwritten by an earlier one. */
export async function keepBackupEnds(store: OvirtStore, { from, before }: Ended): Promise<void> {
  let query = store.tables
    .selectFrom('ovirt_backups')
    .select(['vm_id', 'phase', 'created_ms', 'ended_ms', 'error'])
    .where('ended_ms', 'is not', null);
  if (from !== undefined) query = query.where('ended_ms', '>=', from);
  if (before !== undefined) query = query.where('ended_ms', '<', before);
  const last = new Map<string, BackupEndRow>();
  for (const row of await query.orderBy('ended_ms').execute()) {
    const end = endOf(row);
    last.set(`${end.outcome} ${end.vm_id}`, end);
  }
  for (const chunk of chunks([...last.values()])) await putEnds(store, chunk);
}

export async function backupEnds(store: OvirtStore): Promise<readonly BackupEndRow[]> {
  const rows = await store.tables.selectFrom('ovirt_inventory_backups').selectAll().orderBy('vm_id').orderBy('outcome').execute();
  return rows.map((row) => ({ ...row, began_ms: Number(row.began_ms), ended_ms: Number(row.ended_ms) }));
}

/** Forgets the ends of VMs that are not there any more and were not backed up since. */
export async function forgetBackupEnds(store: OvirtStore, endedBeforeMs: number): Promise<void> {
  await store.tables
    .deleteFrom('ovirt_inventory_backups')
    .where('ended_ms', '<', endedBeforeMs)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('ovirt_inventory as vm')
            .select('vm.id')
            .whereRef('vm.id', '=', 'ovirt_inventory_backups.vm_id')
            .where('vm.kind', '=', 'vm')
            .where('vm.scope', '=', 'service')
            .where('vm.body', '!=', ''),
        ),
      ),
    )
    .execute();
}

function endOf(row: Pick<BackupRow, 'vm_id' | 'phase' | 'created_ms' | 'ended_ms' | 'error'>): BackupEndRow {
  const times = { began_ms: Number(row.created_ms), ended_ms: Number(row.ended_ms) };
  return row.phase === 'succeeded'
    ? { vm_id: row.vm_id, outcome: 'ok', ...times, reason: null }
    : { vm_id: row.vm_id, outcome: 'failed', ...times, reason: row.error };
}

async function putEnds(store: OvirtStore, rows: readonly BackupEndRow[]): Promise<void> {
  await store.tables
    .insertInto('ovirt_inventory_backups')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['vm_id', 'outcome'])
        .doUpdateSet((set) => ({
          began_ms: set.ref('excluded.began_ms'),
          ended_ms: set.ref('excluded.ended_ms'),
          reason: set.ref('excluded.reason'),
        }))
        .whereRef('excluded.ended_ms', '>', 'ovirt_inventory_backups.ended_ms'),
    )
    .execute();
}
