import type { Caller } from '../../src/service/caller.ts';
import { enable } from '../../src/service/enablement.ts';
import { changeLinks, type LinkChange } from '../../src/service/mappings.ts';
import type { Db } from '../../src/store/queries.ts';
import type { CyberappTables, OrganizationRow } from '../../src/store/tables.ts';
import type { NewPlace, Place } from './places.ts';
import { callerOf, plantTree } from './tree.ts';

/** The tree of spec 9 in a fresh store, with what the tests do to it. */
export async function directoryWorld(newPlace: NewPlace) {
  const place = await newPlace();
  const tree = await plantTree(place.store);
  const { users } = tree;
  const as = {
    p1: callerOf(tree.p1, users.p1),
    p2: callerOf(tree.p2, users.p2),
    s: callerOf(tree.s, users.s),
  };
  const within = <T>(work: (trx: Db) => Promise<T>, store = place.store) => store.transaction<CyberappTables, T>(work);
  const link = (caller: Caller, ...changes: [OrganizationRow, string | undefined][]) =>
    within((trx) =>
      changeLinks(
        place.store,
        trx,
        caller,
        changes.map(([{ id }, tenant]): LinkChange => ({ vendorTenantId: id, acronisTenantId: tenant })),
      ),
    );
  const db = place.store.tables<CyberappTables>();
  const tenantOf = async (organization: OrganizationRow) =>
    (await db.selectFrom('cyberapp_mappings').selectAll().where('organization_id', '=', organization.id).executeTakeFirst())
      ?.acronis_tenant_id;
  return { ...tree, as, db, link, place, tenantOf, within, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

export function enableAs(place: Place, caller: Caller, tenant: string, store = place.store): Promise<void> {
  const wish = { vendorTenantId: caller.organization.id, acronisTenantId: tenant };
  return store.transaction<CyberappTables, void>((trx) => enable(store, trx, caller, wish));
}
