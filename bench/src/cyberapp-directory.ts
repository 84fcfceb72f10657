import { type CyberappTables, type OrganizationRow, Organizations } from '@fairlead/bridge-cyberapp';
import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { DATACENTER } from './cyberapp-context.ts';

export interface Linked {
  readonly organization: OrganizationRow;
  readonly tenantId: string;
}

/** A partner who has enabled the app for his tenant, and customers of his with theirs. */
export interface Directory {
  readonly partner: Linked;
  readonly customers: readonly Linked[];
}

/** Writes it into a store; as many customers as there are tenants for them. */
export async function plantDirectory(store: Store, partnerTenant: string, customerTenants: readonly string[]): Promise<Directory> {
  const organizations = new Organizations(store);
  const partner = { organization: await organizations.add({ name: 'Example Hosting', kind: 'partner' }), tenantId: partnerTenant };
  const parentId = partner.organization.id;
  const customers: Linked[] = [];
  for (const [at, tenantId] of customerTenants.entries())
    customers.push({ organization: await organizations.add({ name: `Customer ${at}`, kind: 'customer', parentId }), tenantId });
  await store.transaction<CyberappTables, void>(async (trx) => {
    for (const linked of [partner, ...customers])
      await trx
        .insertInto('cyberapp_mappings')
        .values(mappingOf(store, linked, parentId))
        .execute();
  });
  return { partner, customers };
}

/** As the callbacks of the partner would have left it. */
function mappingOf(store: Store, { organization, tenantId }: Linked, partnerId: string): CyberappTables['cyberapp_mappings'] {
  const now = store.clock.now();
  return {
    organization_id: organization.id,
    acronis_tenant_id: tenantId,
    datacenter_id: DATACENTER,
    datacenter_url: `https://${DATACENTER}.acronis.cloud`,
    mapped_by_organization_id: partnerId,
    mapped_by_user_id: newUuid(),
    request_id: newUuid(),
    created_ms: now,
    updated_ms: now,
    tenant_state: 'ok',
    tenant_checked_ms: null,
  };
}
