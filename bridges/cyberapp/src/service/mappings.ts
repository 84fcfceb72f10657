import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import { belowPattern, type Db, lockedWhere } from '../store/queries.ts';
import type { MappingRow, OrganizationRow } from '../store/tables.ts';
import type { Caller } from './caller.ts';
import { byName } from './organizations.ts';

export type Customer = Pick<OrganizationRow, 'id' | 'name' | 'state'>;

/** The customers of the caller's organization at any depth, by name. Suspended ones only where they are linked (cyberapp 2.8.4). */
export async function customersOf(db: Db, { organization }: Caller): Promise<readonly Customer[]> {
  const rows = await db
    .selectFrom('cyberapp_organizations as customer')
    .leftJoin('cyberapp_mappings as mapping', 'mapping.organization_id', 'customer.id')
    .select(['customer.id', 'customer.name', 'customer.state', 'mapping.acronis_tenant_id'])
    .where('customer.path', 'like', belowPattern(organization.path))
    .where('customer.kind', '=', 'customer')
    .execute();
  return rows
    .filter(({ state, acronis_tenant_id: tenant }) => state === 'active' || tenant !== null)
    .map(({ id, name, state }) => ({ id, name, state }))
    .toSorted(byName);
}

export interface CustomerLink {
  readonly vendorTenantId: string;
  /** Only where it is linked in the data center that asks. */
  readonly acronisTenantId?: string;
}

/** The same customers with the tenants that they are linked to in the caller's data center (cyberapp 2.8.5). */
export async function linksOf(db: Db, caller: Caller): Promise<readonly CustomerLink[]> {
  const linked = await db
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as customer', 'customer.id', 'mapping.organization_id')
    .select(['customer.id', 'mapping.acronis_tenant_id'])
    .where('customer.path', 'like', belowPattern(caller.organization.path))
    .where('mapping.datacenter_id', '=', caller.datacenter.id)
    .execute();
  const tenants = new Map(linked.map(({ id, acronis_tenant_id: tenant }) => [id, tenant]));
  return (await customersOf(db, caller)).map(({ id }) => {
    const tenant = tenants.get(id);
    return { vendorTenantId: id, ...(tenant !== undefined && { acronisTenantId: tenant }) };
  });
}

/** One wish of `tenant_mapping.write`: without a tenant the customer is unlinked. */
export interface LinkChange {
  readonly vendorTenantId: string;
  /** Lower case. */
  readonly acronisTenantId: string | undefined;
}

export interface LinkReport {
  readonly linked: readonly MappingRow[];
  readonly unlinked: readonly MappingRow[];
}

/**
 * Links and unlinks customers of the caller: all of it or nothing (cyberapp 2.8.6). Throws CYBERAPP_PAYLOAD_INVALID for a list that
 * contradicts itself, CYBERAPP_NOT_YOUR_ORGANIZATION for what is no customer of the caller, known or not, CYBERAPP_TENANT_TAKEN for
 * what is linked by somebody else or in another data center.
 */
export async function changeLinks(store: Store, trx: Db, caller: Caller, changes: readonly LinkChange[]): Promise<LinkReport> {
  refuseContradictions(changes);
  await lockedWhere(store)(trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', caller.organization.id)).execute();
  const mine = await ownCustomers(trx, caller);
  if (changes.some(({ vendorTenantId }) => !mine.has(vendorTenantId))) throw CyberappError('CYBERAPP_NOT_YOUR_ORGANIZATION');
  const rows = await rowsAround(trx, changes);
  const plan = planOf(caller, { changes, rows, mine });
  for (const part of chunks(plan.remove)) {
    const ids = part.map((row) => row.organization_id);
    const mine = trx.deleteFrom('cyberapp_mappings').where('mapped_by_organization_id', '=', caller.organization.id);
    await mine.where('organization_id', 'in', ids).execute();
  }
  const linked = plan.add.map((wish) => newMapping(store, caller, wish));
  for (const part of chunks(linked)) {
    const made = await trx
      .insertInto('cyberapp_mappings')
      .values(part)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    // Somebody else was quicker with one of these tenants.
    if (made.numInsertedOrUpdatedRows !== BigInt(part.length)) throw CyberappError('CYBERAPP_TENANT_TAKEN');
  }
  return { linked, unlinked: plan.remove };
}

/** A fresh row, made with the caller's credentials. */
export function newMapping(store: Store, caller: Caller, { organizationId, tenantId }: Wish): MappingRow {
  const now = store.clock.now();
  return {
    organization_id: organizationId,
    acronis_tenant_id: tenantId,
    datacenter_id: caller.datacenter.id,
    datacenter_url: caller.datacenter.url,
    mapped_by_organization_id: caller.organization.id,
    mapped_by_user_id: caller.user.id,
    request_id: caller.requestId,
    created_ms: now,
    updated_ms: now,
    tenant_state: 'unknown',
    tenant_checked_ms: null,
  };
}

interface Wish {
  readonly organizationId: string;
  readonly tenantId: string;
}

interface Around {
  readonly changes: readonly LinkChange[];
  readonly rows: readonly MappingRow[];
  readonly mine: ReadonlySet<string>;
}

interface Plan {
  readonly remove: readonly MappingRow[];
  readonly add: readonly Wish[];
}

function planOf(caller: Caller, { changes, rows, mine }: Around): Plan {
  const byOrganization = new Map(rows.map((row) => [row.organization_id, row]));
  const byTenant = new Map(rows.map((row) => [row.acronis_tenant_id, row]));
  const isMine = (row: MappingRow) =>
    mine.has(row.organization_id) && row.mapped_by_organization_id === caller.organization.id && row.datacenter_id === caller.datacenter.id;
  const remove = new Set<MappingRow>();
  const add: Wish[] = [];
  for (const { vendorTenantId, acronisTenantId } of changes) {
    const row = byOrganization.get(vendorTenantId);
    if (acronisTenantId === undefined) {
      // Linked in another data center, it is not linked in this one.
      if (row === undefined || row.datacenter_id !== caller.datacenter.id) continue;
      if (!isMine(row)) throw CyberappError('CYBERAPP_TENANT_TAKEN');
      remove.add(row);
      continue;
    }
    if (row?.acronis_tenant_id === acronisTenantId && isMine(row)) continue;
    const holder = byTenant.get(acronisTenantId);
    for (const one of [row, holder]) {
      if (one === undefined) continue;
      if (!isMine(one)) throw CyberappError('CYBERAPP_TENANT_TAKEN');
      remove.add(one);
    }
    add.push({ organizationId: vendorTenantId, tenantId: acronisTenantId });
  }
  return { remove: [...remove], add };
}

function refuseContradictions(changes: readonly LinkChange[]): void {
  const organizations = new Set(changes.map(({ vendorTenantId }) => vendorTenantId));
  const tenants = changes.flatMap(({ acronisTenantId }) => acronisTenantId ?? []);
  if (organizations.size !== changes.length) throw invalid('A customer is named twice.');
  if (new Set(tenants).size !== tenants.length) throw invalid('A tenant is named twice.');
}

function invalid(reason: string): Error {
  return CyberappError('CYBERAPP_PAYLOAD_INVALID', { reason });
}

async function ownCustomers(db: Db, { organization }: Caller): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('cyberapp_organizations')
    .select('id')
    .where('path', 'like', belowPattern(organization.path))
    .where('kind', '=', 'customer')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Rows of the customers and of the tenants that are named. */
async function rowsAround(trx: Db, changes: readonly LinkChange[]): Promise<readonly MappingRow[]> {
  const found = new Map<string, MappingRow>();
  for (const part of chunks(changes)) {
    const ids = part.map(({ vendorTenantId }) => vendorTenantId);
    const tenants = part.flatMap(({ acronisTenantId }) => acronisTenantId ?? []);
    const rows = await trx
      .selectFrom('cyberapp_mappings')
      .selectAll()
      .where((where) =>
        where.or([where('organization_id', 'in', ids), ...(tenants.length > 0 ? [where('acronis_tenant_id', 'in', tenants)] : [])]),
      )
      .execute();
    for (const row of rows) found.set(row.organization_id, row);
  }
  return [...found.values()];
}

/** A statement takes a limited number of values. */
function chunks<T>(items: readonly T[]): readonly T[][] {
  const size = 400;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
