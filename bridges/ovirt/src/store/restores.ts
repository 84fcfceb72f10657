import type { OvirtStore } from './ovirt-store.ts';
import type { CreationRow, RestoreRow } from './write-tables.ts';

/** Notes that a VM is being made for this request, before CloudStack is asked. False when the request was noted before. */
export async function noteCreation(store: OvirtStore, row: CreationRow, forgetBeforeMs: number): Promise<boolean> {
  await store.tables.deleteFrom('ovirt_creations').where('created_ms', '<', forgetBeforeMs).execute();
  const made = await store.tables
    .insertInto('ovirt_creations')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst();
  return made !== undefined;
}

export async function findCreation(store: OvirtStore, key: string): Promise<CreationRow | undefined> {
  return await store.tables.selectFrom('ovirt_creations').selectAll().where('key', '=', key).executeTakeFirst();
}

export async function forgetCreation(store: OvirtStore, vmId: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_creations').where('vm_id', '=', vmId).execute();
}

export async function keepRestore(store: OvirtStore, row: RestoreRow): Promise<void> {
  await store.tables
    .insertInto('ovirt_restores')
    .values(row)
    .onConflict((conflict) => conflict.column('vm_id').doUpdateSet({ body: row.body, created_ms: row.created_ms }))
    .execute();
}

export async function findRestore(store: OvirtStore, vmId: string): Promise<RestoreRow | undefined> {
  return await store.tables.selectFrom('ovirt_restores').selectAll().where('vm_id', '=', vmId).executeTakeFirst();
}

export async function forgetRestore(store: OvirtStore, vmId: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_restores').where('vm_id', '=', vmId).execute();
}

export async function purgeRestores(store: OvirtStore, beforeMs: number): Promise<void> {
  await store.tables.deleteFrom('ovirt_restores').where('created_ms', '<', beforeMs).execute();
}
