import { enable } from '../../service/enablement.ts';
import type { Handler } from './handler.ts';

/** Links the calling organization to a tenant (cyberapp 2.8.2). */
export const enablementWrite: Handler<'enablement.write'> = {
  name: 'enablement.write',
  async run({ store, db, caller, payload, note }) {
    const { vendor_tenant_id: vendorTenantId, acronis_tenant_id: acronisTenantId } = payload;
    if (acronisTenantId.toLowerCase() !== caller.tenantId) note({ tenant_differs: true });
    await enable(store, db, caller, { vendorTenantId: vendorTenantId.toLowerCase(), acronisTenantId });
    note({ linked: caller.organization.id });
    return undefined;
  },
};
