import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, TenantState } from '../../store/tables.ts';

export interface MappedTenant {
  readonly organizationId: string;
  readonly tenantState: TenantState;
}

/** Tenants of customers in a data center whose link is awake (cyberapp 2.8.6), suspended customers too: what is left out here is left. */
export async function mappedTenants(store: Store, datacenterId: string): Promise<ReadonlyMap<string, MappedTenant>> {
  const rows = await store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as customer', 'customer.id', 'mapping.organization_id')
    .innerJoin('cyberapp_mappings as partner', (join) =>
      join
        .onRef('partner.organization_id', '=', 'mapping.mapped_by_organization_id')
        .onRef('partner.datacenter_id', '=', 'mapping.datacenter_id'),
    )
    .select(['mapping.acronis_tenant_id', 'mapping.organization_id', 'mapping.tenant_state'])
    .where('customer.kind', '=', 'customer')
    .where('mapping.datacenter_id', '=', datacenterId)
    .execute();
  return new Map(
    rows.map((row) => [row.acronis_tenant_id, { organizationId: row.organization_id, tenantState: row.tenant_state }] as const),
  );
}

/** Data centers that customers are mapped in although the configuration has no client for them. */
export async function unconfiguredDatacenters(store: Store, configured: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await store.tables<CyberappTables>().selectFrom('cyberapp_mappings').select('datacenter_id').distinct().execute();
  return rows
    .map((row) => row.datacenter_id)
    .filter((id) => !configured.has(id))
    .toSorted();
}
