import { changeLinks } from '../../service/mappings.ts';
import type { Handler } from './handler.ts';
import { idsOf } from './ids-of.ts';

/** Links and unlinks customers, all of it or nothing: Acronis keeps its own copy only after our success (cyberapp 2.8.6). */
export const tenantMappingWrite: Handler<'tenant_mapping.write'> = {
  name: 'tenant_mapping.write',
  async run({ store, db, caller, payload, note }) {
    const changes = payload.modified.map(({ vendor_tenant_id: vendor, acronis_tenant_id: tenant }) => ({
      vendorTenantId: vendor.toLowerCase(),
      // Absent, null and empty all mean: unlink.
      acronisTenantId: tenant === undefined || tenant === null || tenant === '' ? undefined : tenant.toLowerCase(),
    }));
    const { linked, unlinked } = await changeLinks(store, db, caller, changes);
    note({ linked: idsOf(linked), unlinked: idsOf(unlinked) });
    return undefined;
  },
};
