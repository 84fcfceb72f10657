import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import { type Db, lockedWhere } from '../store/queries.ts';
import type { MappingRow, OrganizationKind, OrganizationRow } from '../store/tables.ts';
import type { Datacenter } from './caller.ts';
import { addOrganization } from './organizations.ts';

/** Who maps where nobody has credentials (cyberapp 2.12). */
const ACRONIS = 'acronis';

/** A tenant that enables itself, as its partner's request says it. */
export interface MirroredTenant {
  /** Lower case. */
  readonly id: string;
  readonly name: string;
}

export interface MirrorCaller {
  /** The partner's tenant, which the request token speaks for. */
  readonly tenantId: string;
  readonly datacenter: Datacenter;
  readonly requestId: string;
}

/** The link of the calling partner; undefined: disabled. */
export async function mirroredPartner(db: Db, { tenantId }: Pick<MirrorCaller, 'tenantId'>): Promise<MappingRow | undefined> {
  return db
    .selectFrom('cyberapp_mappings as mapping')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'mapping.organization_id')
    .selectAll('mapping')
    .where('mapping.acronis_tenant_id', '=', tenantId)
    .where('organization.kind', '=', 'partner')
    .where('organization.origin', '=', 'mirrored')
    .executeTakeFirst();
}

/** Links that the calling partner made for its customers. */
export async function mirroredCustomers(db: Db, caller: Pick<MirrorCaller, 'tenantId'>): Promise<readonly MappingRow[]> {
  const partner = await mirroredPartner(db, caller);
  if (partner === undefined) return [];
  return db
    .selectFrom('cyberapp_mappings')
    .selectAll()
    .where('mapped_by_organization_id', '=', partner.organization_id)
    .where('organization_id', '!=', partner.organization_id)
    .orderBy('organization_id')
    .execute();
}

/** Makes or wakes the partner's organization and links it. Throws CYBERAPP_ALREADY_ENABLED for a tenant that another method serves. */
export async function mirrorPartner(store: Store, trx: Db, caller: MirrorCaller, name: string): Promise<MappingRow> {
  // Two requests of one partner come one after the other.
  const root = await operatorRoot(store, trx);
  const there = await mirroredPartner(trx, caller);
  if (there !== undefined) return there;
  const organization = await organizationFor(store, trx, { kind: 'partner', tenant: { id: caller.tenantId, name }, parentId: root?.id });
  return await link(store, trx, caller, { organization, tenantId: caller.tenantId, by: organization.id });
}

/** Unlinks the partner and its customers; organizations and users stay. */
export async function unmirrorPartner(trx: Db, caller: MirrorCaller): Promise<readonly MappingRow[]> {
  const partner = await mirroredPartner(trx, caller);
  if (partner === undefined) return [];
  return trx.deleteFrom('cyberapp_mappings').where('mapped_by_organization_id', '=', partner.organization_id).returningAll().execute();
}

export interface MirroredChange {
  readonly enabled: readonly MirroredTenant[];
  /** Tenant ids, lower case. */
  readonly disabled: readonly string[];
}

/** Links and unlinks customers of an enabled partner. Throws CYBERAPP_FORBIDDEN when the partner is not enabled. */
export async function mirrorCustomers(store: Store, trx: Db, caller: MirrorCaller, { enabled, disabled }: MirroredChange): Promise<void> {
  const partner = await mirroredPartner(trx, caller);
  if (partner === undefined) throw CyberappError('CYBERAPP_FORBIDDEN');
  const { organization_id: by } = partner;
  await lockedWhere(store)(trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', by)).execute();
  for (const tenant of disabled) {
    await trx
      .deleteFrom('cyberapp_mappings')
      .where('acronis_tenant_id', '=', tenant)
      .where('mapped_by_organization_id', '=', by)
      .where('organization_id', '!=', by)
      .execute();
  }
  for (const tenant of enabled) {
    const organization = await organizationFor(store, trx, { kind: 'customer', tenant, parentId: by });
    await link(store, trx, caller, { organization, tenantId: tenant.id, by });
  }
}

/** The oldest root that was made here: what Acronis mirrors hangs below it. */
function operatorRoot(store: Store, trx: Db): Promise<OrganizationRow | undefined> {
  const query = trx
    .selectFrom('cyberapp_organizations')
    .selectAll()
    .where('parent_id', 'is', null)
    .where('origin', '!=', 'mirrored')
    .orderBy('created_ms')
    .orderBy('id')
    .limit(1);
  return lockedWhere(store)(query).executeTakeFirst();
}

interface Wanted {
  readonly kind: OrganizationKind;
  readonly tenant: MirroredTenant;
  readonly parentId: string | undefined;
}

/** The organization that was made for this tenant before, with its present name, or a new one. */
async function organizationFor(store: Store, trx: Db, { kind, tenant, parentId }: Wanted): Promise<OrganizationRow> {
  const name = shownName(tenant.name, tenant.id);
  const former = await trx
    .selectFrom('cyberapp_organizations')
    .selectAll()
    .where('external_ref', '=', tenant.id)
    .where('origin', '=', 'mirrored')
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (former !== undefined) {
    // A tenant that was moved to another partner is no customer of this one here.
    if (kind === 'customer' && former.parent_id !== parentId) throw CyberappError('CYBERAPP_TENANT_TAKEN');
    const changed = { name, updated_ms: store.clock.now(), version: former.version + 1 };
    if (former.name !== name) await trx.updateTable('cyberapp_organizations').set(changed).where('id', '=', former.id).execute();
    return former;
  }
  const made = await addOrganization(store, trx, { name, kind, parentId, id: newUuid(), origin: 'mirrored' });
  await trx.updateTable('cyberapp_organizations').set({ external_ref: tenant.id }).where('id', '=', made.id).execute();
  return made;
}

/** Acronis' own names may hold what ours must not. */
function shownName(name: string, fallback: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
  const clean = [...name.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim()].slice(0, 255).join('');
  return clean === '' ? fallback : clean;
}

interface Link {
  readonly organization: OrganizationRow;
  readonly tenantId: string;
  readonly by: string;
}

async function link(store: Store, trx: Db, caller: MirrorCaller, { organization, tenantId, by }: Link): Promise<MappingRow> {
  const now = store.clock.now();
  const row: MappingRow = {
    organization_id: organization.id,
    acronis_tenant_id: tenantId,
    datacenter_id: caller.datacenter.id,
    datacenter_url: caller.datacenter.url,
    mapped_by_organization_id: by,
    mapped_by_user_id: ACRONIS,
    request_id: caller.requestId,
    created_ms: now,
    updated_ms: now,
    tenant_state: 'unknown',
    tenant_checked_ms: null,
  };
  const made = await trx
    .insertInto('cyberapp_mappings')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 1n) return row;
  const there = await trx.selectFrom('cyberapp_mappings').selectAll().where('organization_id', '=', organization.id).executeTakeFirst();
  if (there?.acronis_tenant_id === tenantId && there.mapped_by_organization_id === by) return there;
  throw CyberappError('CYBERAPP_ALREADY_ENABLED');
}
