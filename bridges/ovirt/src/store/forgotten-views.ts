import type { OvirtStore } from './ovirt-store.ts';

/**
 * Removes what is kept for keys whose view was not listed since a time: keys that are used no more, or whose digests were made under
 * a former server secret. The view of the service key stays. Answers how many views went.
 */
export async function forgetViews(store: OvirtStore, listedBeforeMs: number): Promise<number> {
  const views = await store.tables
    .selectFrom('ovirt_inventory_state')
    .select(['kind', 'scope'])
    .where('scope', '!=', 'service')
    .where('listed_ms', '>', 0)
    .where('listed_ms', '<', listedBeforeMs)
    .where('claimed_until_ms', '<', listedBeforeMs)
    .execute();
  for (const { kind, scope } of views) {
    await store.transaction(async (trx) => {
      await trx.deleteFrom('ovirt_inventory').where('kind', '=', kind).where('scope', '=', scope).execute();
      await trx.deleteFrom('ovirt_inventory_state').where('kind', '=', kind).where('scope', '=', scope).execute();
    });
  }
  return views.length;
}
