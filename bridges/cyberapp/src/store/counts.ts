import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables } from './tables.ts';

export type MappingCounts = Readonly<Record<'active' | 'dormant' | 'partner', number>>;

/** Links by what they are worth: a customer's is dormant until the partner who made it is enabled in the same data center (cyberapp 2.8.6). */
export async function countMappings(store: Store): Promise<MappingCounts> {
  const rows = await store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'mapping.organization_id')
    .leftJoin('cyberapp_mappings as partner', (join) =>
      join
        .onRef('partner.organization_id', '=', 'mapping.mapped_by_organization_id')
        .onRef('partner.datacenter_id', '=', 'mapping.datacenter_id'),
    )
    .select((get) => [
      'organization.kind',
      get.fn.count<number>('partner.organization_id').as('awake'),
      get.fn.countAll<number>().as('all'),
    ])
    .groupBy('organization.kind')
    .execute();
  const of = (kind: string) => rows.find((row) => row.kind === kind);
  const [awake, customers] = [Number(of('customer')?.awake ?? 0), Number(of('customer')?.all ?? 0)];
  return { active: awake, dormant: customers - awake, partner: Number(of('partner')?.all ?? 0) };
}
