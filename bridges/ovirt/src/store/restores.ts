import type { OvirtStore } from './ovirt-store.ts';
import type { RestoreRow } from './write-tables.ts';

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

/** The disk offering that an OVF of a recent restore names for a disk of that id. */
export async function offeringOfRestore(store: OvirtStore, diskId: string): Promise<string | undefined> {
  const rows = await store.tables.selectFrom('ovirt_restores').select('body').where('body', 'like', `%${diskId}%`).execute();
  for (const row of rows) {
    const { diskOfferings } = JSON.parse(row.body) as { readonly diskOfferings?: Readonly<Record<string, string>> };
    const offering = diskOfferings?.[diskId];
    if (offering !== undefined) return offering;
  }
  return undefined;
}
