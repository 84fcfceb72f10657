import type { OvirtStore } from './ovirt-store.ts';
import type { BackupPhase, BackupRow } from './write-tables.ts';

/** Phases that hold the lock on the VM. */
export const OPEN_BACKUP_PHASES: readonly BackupPhase[] = ['initializing', 'starting', 'ready', 'finalizing'];

/** The lock on the VM and the row of the backup come into being together. */
export async function insertBackup(store: OvirtStore, row: BackupRow): Promise<void> {
  await store.tables.insertInto('ovirt_backups').values(row).execute();
}

export async function findBackup(store: OvirtStore, id: string): Promise<BackupRow | undefined> {
  return await store.tables.selectFrom('ovirt_backups').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function backupsOfVm(store: OvirtStore, vmId: string): Promise<BackupRow[]> {
  return await store.tables.selectFrom('ovirt_backups').selectAll().where('vm_id', '=', vmId).orderBy('created_ms').orderBy('id').execute();
}

export async function openBackups(store: OvirtStore): Promise<BackupRow[]> {
  return await store.tables
    .selectFrom('ovirt_backups')
    .selectAll()
    .where('phase', 'in', OPEN_BACKUP_PHASES)
    .orderBy('created_ms')
    .execute();
}

type BackupChange = Partial<Omit<BackupRow, 'id' | 'phase'>>;

/** Goes from one of some phases to another; false when the row is in none of them (any more). */
export async function moveBackup(
  store: OvirtStore,
  id: string,
  from: readonly BackupPhase[],
  change: BackupChange & { readonly phase: BackupPhase },
): Promise<boolean> {
  const result = await store.tables
    .updateTable('ovirt_backups')
    .set(change)
    .where('id', '=', id)
    .where('phase', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function touchBackup(store: OvirtStore, id: string, nowMs: number): Promise<void> {
  await store.tables.updateTable('ovirt_backups').set({ active_ms: nowMs }).where('id', '=', id).execute();
}

export async function purgeBackups(store: OvirtStore, endedBeforeMs: number): Promise<void> {
  await store.tables.deleteFrom('ovirt_backups').where('ended_ms', '<', endedBeforeMs).execute();
}
