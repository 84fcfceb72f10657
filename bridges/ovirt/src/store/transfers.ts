import type { OvirtStore } from './ovirt-store.ts';
import type { TransferPhase, TransferRow } from './write-tables.ts';

/** Phases that hold the disk. */
export const OPEN_TRANSFER_PHASES: readonly TransferPhase[] = [
  'initializing',
  'transferring',
  'resuming',
  'paused_system',
  'paused_user',
  'finalizing_success',
  'cancelled_system',
  'cancelled_user',
];

export async function insertTransfer(store: OvirtStore, row: TransferRow): Promise<void> {
  await store.tables.insertInto('ovirt_transfers').values(row).execute();
}

export async function findTransfer(store: OvirtStore, id: string): Promise<TransferRow | undefined> {
  return await store.tables.selectFrom('ovirt_transfers').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listTransfers(store: OvirtStore): Promise<TransferRow[]> {
  return await store.tables.selectFrom('ovirt_transfers').selectAll().orderBy('created_ms').orderBy('id').execute();
}

export async function openTransfers(store: OvirtStore): Promise<TransferRow[]> {
  return await store.tables
    .selectFrom('ovirt_transfers')
    .selectAll()
    .where('phase', 'in', OPEN_TRANSFER_PHASES)
    .orderBy('created_ms')
    .execute();
}

export async function openTransfersOf(store: OvirtStore, column: 'vm_id' | 'backup_id' | 'disk_id', id: string): Promise<TransferRow[]> {
  return await store.tables
    .selectFrom('ovirt_transfers')
    .selectAll()
    .where(column, '=', id)
    .where('phase', 'in', OPEN_TRANSFER_PHASES)
    .orderBy('created_ms')
    .execute();
}

/** The disks among these that a transfer is open on. */
export async function disksInTransfer(store: OvirtStore, diskIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (diskIds.length === 0) return new Set();
  const rows = await store.tables.selectFrom('ovirt_transfers').select('disk_id').where('phase', 'in', OPEN_TRANSFER_PHASES).execute();
  const wanted = new Set(diskIds);
  return new Set(rows.map((row) => row.disk_id).filter((id) => wanted.has(id)));
}

type TransferChange = Partial<Omit<TransferRow, 'id'>>;

/** Goes from one of some phases to another; false when the row is in none of them (any more). */
export async function moveTransfer(
  store: OvirtStore,
  id: string,
  from: readonly TransferPhase[],
  change: TransferChange & { readonly phase: TransferPhase },
): Promise<boolean> {
  const result = await store.tables
    .updateTable('ovirt_transfers')
    .set(change)
    .where('id', '=', id)
    .where('phase', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Counters only. */
export async function countTransfer(store: OvirtStore, id: string, change: Pick<TransferRow, 'transferred' | 'active_ms'>): Promise<void> {
  await store.tables.updateTable('ovirt_transfers').set(change).where('id', '=', id).where('ended_ms', 'is', null).execute();
}

/** Ended well before the one time, or badly before the other. */
export async function purgeTransfers(store: OvirtStore, succeededBeforeMs: number, failedBeforeMs: number): Promise<void> {
  await store.tables
    .deleteFrom('ovirt_transfers')
    .where('phase', '=', 'finished_success')
    .where('ended_ms', '<', succeededBeforeMs)
    .execute();
  await store.tables.deleteFrom('ovirt_transfers').where('ended_ms', '<', failedBeforeMs).execute();
}
