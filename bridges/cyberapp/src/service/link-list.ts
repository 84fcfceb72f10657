import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, MappingRow, OrganizationRow } from '../store/tables.ts';

/** A link as its operator sees it. */
export interface ShownLink {
  readonly organization: Pick<OrganizationRow, 'id' | 'name' | 'kind'>;
  readonly mapping: MappingRow;
  /** Of a customer: dormant until the partner who made it is enabled in the same data center (cyberapp 2.8.6). */
  readonly state: 'partner' | 'active' | 'dormant';
  /** When something was last pushed there. */
  readonly lastPushMs: number | null;
}

export interface LinkFilter {
  readonly organizationId?: string | undefined;
  readonly datacenterId?: string | undefined;
}

/** Links of organizations to tenants, by name. */
export async function listLinks(store: Store, { organizationId, datacenterId }: LinkFilter = {}): Promise<readonly ShownLink[]> {
  const db = store.tables<CyberappTables>();
  let query = db
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'mapping.organization_id')
    .leftJoin('cyberapp_mappings as partner', (join) =>
      join
        .onRef('partner.organization_id', '=', 'mapping.mapped_by_organization_id')
        .onRef('partner.datacenter_id', '=', 'mapping.datacenter_id'),
    )
    .leftJoin('cyberapp_targets as target', (join) =>
      join.onRef('target.acronis_tenant_id', '=', 'mapping.acronis_tenant_id').onRef('target.datacenter_id', '=', 'mapping.datacenter_id'),
    )
    .selectAll('mapping')
    .select(['organization.name', 'organization.kind', 'target.last_ok_ms', 'partner.organization_id as partner_id'])
    .orderBy('organization.name')
    .orderBy('organization.id');
  if (organizationId !== undefined) query = query.where('mapping.organization_id', '=', organizationId);
  if (datacenterId !== undefined) query = query.where('mapping.datacenter_id', '=', datacenterId);
  return (await query.execute()).map(({ name, kind, last_ok_ms: lastPushMs, partner_id: partner, ...mapping }) => {
    const awake = partner === null ? 'dormant' : 'active';
    return {
      organization: { id: mapping.organization_id, name, kind },
      mapping,
      state: kind === 'partner' ? 'partner' : awake,
      lastPushMs,
    };
  });
}

/** Removes a link here alone: Acronis keeps its copy, so what it shows and what is pushed differ from then on. Undefined when there was none. */
export async function removeLink(store: Store, organizationId: string): Promise<MappingRow | undefined> {
  const [gone] = await store
    .tables<CyberappTables>()
    .deleteFrom('cyberapp_mappings')
    .where('organization_id', '=', organizationId)
    .returningAll()
    .execute();
  return gone;
}
