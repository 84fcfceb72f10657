import { linksOf } from '../../service/mappings.ts';
import { fitting } from './fitting.ts';
import type { Handler } from './handler.ts';

/** The same customers, each with the tenant that it is linked to in this data center (cyberapp 2.8.5). */
export const tenantMappingRead: Handler<'tenant_mapping.read'> = {
  name: 'tenant_mapping.read',
  async run({ db, caller, topologyLimit }) {
    const links = await linksOf(db, caller);
    const rows = links.map(({ vendorTenantId: vendor_tenant_id, acronisTenantId: acronis_tenant_id }) =>
      acronis_tenant_id === undefined ? { vendor_tenant_id } : { vendor_tenant_id, acronis_tenant_id },
    );
    return { items: fitting(rows, topologyLimit) };
  },
};
