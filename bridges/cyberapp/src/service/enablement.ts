import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import { type Db, lockedWhere } from '../store/queries.ts';
import type { MappingRow } from '../store/tables.ts';
import type { Caller } from './caller.ts';
import { newMapping } from './mappings.ts';

/** The tenant that the caller's organization is linked to, in whatever data center. */
export function enablementOf(db: Db, { organization }: Caller): Promise<MappingRow | undefined> {
  return db.selectFrom('cyberapp_mappings').selectAll().where('organization_id', '=', organization.id).executeTakeFirst();
}

export interface Enablement {
  readonly vendorTenantId: string;
  readonly acronisTenantId: string;
}

/**
 * Links the caller's organization to a tenant (cyberapp 2.8.2). The same link again is no change.
 * Throws CYBERAPP_ALREADY_ENABLED, with one text for all reasons, so that the owner of a tenant is not revealed.
 */
export async function enable(store: Store, trx: Db, caller: Caller, { vendorTenantId, acronisTenantId }: Enablement): Promise<void> {
  const { organization, datacenter } = caller;
  const tenant = acronisTenantId.toLowerCase();
  if (vendorTenantId !== organization.id) throw CyberappError('CYBERAPP_ALREADY_ENABLED');
  await lockedWhere(store)(trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', organization.id)).execute();
  const there = await enablementOf(trx, caller);
  if (there !== undefined && there.acronis_tenant_id !== tenant) throw CyberappError('CYBERAPP_ALREADY_ENABLED');
  if (there === undefined) {
    const row = newMapping(store, caller, { organizationId: organization.id, tenantId: tenant });
    const made = await trx
      .insertInto('cyberapp_mappings')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows !== 1n) throw CyberappError('CYBERAPP_ALREADY_ENABLED');
    return;
  }
  if (there.datacenter_id !== datacenter.id || there.datacenter_url === datacenter.url) return;
  await trx
    .updateTable('cyberapp_mappings')
    .set({ datacenter_url: datacenter.url, updated_ms: store.clock.now() })
    .where('organization_id', '=', organization.id)
    .execute();
}

/** Removes the caller's link and every link that was made with its credentials (cyberapp 2.8.3). Answers what was removed. */
export async function disable(store: Store, trx: Db, { organization }: Caller): Promise<MappingRow[]> {
  // What the same partner links meanwhile comes before this, or after it.
  await lockedWhere(store)(trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', organization.id)).execute();
  return trx
    .deleteFrom('cyberapp_mappings')
    .where((where) => where.or([where('organization_id', '=', organization.id), where('mapped_by_organization_id', '=', organization.id)]))
    .returningAll()
    .execute();
}
