import type { OvirtStore } from './ovirt-store.ts';
import type { CreationRow } from './write-tables.ts';

/** Notes that something is being made for a request, before CloudStack is asked. What was noted for the same request before goes. */
export async function noteCreation(store: OvirtStore, row: CreationRow): Promise<void> {
  const { key, ...facts } = row;
  await store.tables
    .insertInto('ovirt_creations')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(facts))
    .execute();
}

/** CloudStack has named it. */
export async function nameCreation(store: OvirtStore, key: string, objectId: string): Promise<void> {
  await store.tables.updateTable('ovirt_creations').set({ object_id: objectId }).where('key', '=', key).execute();
}

/** Its id is about to be told to the caller: from now on it is his. */
export async function tellCreation(store: OvirtStore, key: string, nowMs: number): Promise<void> {
  await store.tables.updateTable('ovirt_creations').set({ told_ms: nowMs }).where('key', '=', key).where('told_ms', 'is', null).execute();
}

export async function findCreation(store: OvirtStore, key: string): Promise<CreationRow | undefined> {
  return await store.tables.selectFrom('ovirt_creations').selectAll().where('key', '=', key).executeTakeFirst();
}

/** What this caller has asked for by that name and was never told of. */
export async function findUntold(
  store: OvirtStore,
  wish: Pick<CreationRow, 'kind' | 'subject' | 'name'>,
): Promise<CreationRow | undefined> {
  return await store.tables
    .selectFrom('ovirt_creations')
    .selectAll()
    .where('kind', '=', wish.kind)
    .where('subject', '=', wish.subject)
    .where('name', '=', wish.name)
    .where('told_ms', 'is', null)
    .orderBy('created_ms', 'desc')
    .executeTakeFirst();
}

/** All that nobody was told of and that was asked for before this time. */
export async function untoldBefore(store: OvirtStore, beforeMs: number): Promise<readonly CreationRow[]> {
  return await store.tables
    .selectFrom('ovirt_creations')
    .selectAll()
    .where('told_ms', 'is', null)
    .where('created_ms', '<', beforeMs)
    .execute();
}

export async function forgetCreation(store: OvirtStore, key: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_creations').where('key', '=', key).execute();
}

/** What was removed is nobody's answer any more. */
export async function forgetCreationsOf(store: OvirtStore, objectId: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_creations').where('object_id', '=', objectId).execute();
}

export async function purgeCreations(store: OvirtStore, toldBeforeMs: number): Promise<void> {
  await store.tables.deleteFrom('ovirt_creations').where('told_ms', '<', toldBeforeMs).execute();
}
