import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, MappingRow, OrganizationRow } from '../../store/tables.ts';

/** A customer into whose tenant something may be pushed. */
export type PushedCustomer = Pick<MappingRow, 'organization_id' | 'acronis_tenant_id' | 'datacenter_id'> &
  Pick<OrganizationRow, 'push' | 'sees_infrastructure'>;

export interface Only {
  readonly datacenterId?: string | undefined;
  readonly organizationId?: string | undefined;
}

/** Customers with a link that is awake (cyberapp 2.8.6) and who are not suspended, in the order of their ids. */
export async function pushedCustomers(store: Store, { datacenterId, organizationId }: Only = {}): Promise<readonly PushedCustomer[]> {
  let query = store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as customer', 'customer.id', 'mapping.organization_id')
    .innerJoin('cyberapp_mappings as partner', (join) =>
      join
        .onRef('partner.organization_id', '=', 'mapping.mapped_by_organization_id')
        .onRef('partner.datacenter_id', '=', 'mapping.datacenter_id'),
    )
    .select([
      'mapping.organization_id',
      'mapping.acronis_tenant_id',
      'mapping.datacenter_id',
      'customer.push',
      'customer.sees_infrastructure',
    ])
    .where('customer.kind', '=', 'customer')
    .where('customer.state', '=', 'active')
    .orderBy('mapping.organization_id');
  if (datacenterId !== undefined) query = query.where('mapping.datacenter_id', '=', datacenterId);
  if (organizationId !== undefined) query = query.where('mapping.organization_id', '=', organizationId);
  return await query.execute();
}

/** Keys of the alerts of each tenant that hold: on their way, open, or dismissed by a person while they are still true. */
export async function heldAlerts(
  store: Store,
  { datacenterId, organizationId }: Only = {},
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  let query = store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_alerts')
    .select(['acronis_tenant_id', 'dedup_key'])
    .where('state', 'in', ['pending', 'raising', 'open', 'dismissed', 'blocked']);
  if (datacenterId !== undefined) query = query.where('datacenter_id', '=', datacenterId);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  const held = new Map<string, Set<string>>();
  for (const { acronis_tenant_id: tenant, dedup_key: key } of await query.execute()) {
    const keys = held.get(tenant);
    if (keys === undefined) held.set(tenant, new Set([key]));
    else keys.add(key);
  }
  return held;
}
