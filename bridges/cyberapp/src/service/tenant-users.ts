import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import { belowPattern, type Db, lockedWhere } from '../store/queries.ts';
import type { OrganizationRow, UserRow } from '../store/tables.ts';
import type { Caller } from './caller.ts';
import { byName } from './organizations.ts';
import { checkUserFields, type UserFields } from './user-fields.ts';
import { addUser, conflict } from './users.ts';

/** The organization whose page is open: it must be the caller's or one below it, linked in the caller's data center (cyberapp 2.9). */
export async function pageOrganization(db: Db, { organization, tenantId, datacenter }: Caller): Promise<OrganizationRow | undefined> {
  return db
    .selectFrom('cyberapp_organizations as organization')
    .innerJoin('cyberapp_mappings as mapping', 'mapping.organization_id', 'organization.id')
    .selectAll('organization')
    .where('mapping.acronis_tenant_id', '=', tenantId)
    .where('mapping.datacenter_id', '=', datacenter.id)
    .where('organization.path', 'like', belowPattern(organization.path))
    .executeTakeFirst();
}

export type PageUser = Pick<UserRow, 'id' | 'name' | 'email'>;

/** Users of the page's organization and of linked organizations below it, by name; none where the tenant is not linked. */
export async function pageUsers(db: Db, caller: Caller): Promise<readonly PageUser[]> {
  const page = await pageOrganization(db, caller);
  if (page === undefined) return [];
  const rows = await db
    .selectFrom('cyberapp_users as user')
    .innerJoin('cyberapp_organizations as organization', 'organization.id', 'user.organization_id')
    .leftJoin('cyberapp_mappings as mapping', 'mapping.organization_id', 'organization.id')
    .select(['user.id', 'user.name', 'user.email'])
    .where('organization.path', 'like', belowPattern(page.path))
    .where((where) => where.or([where('organization.id', '=', page.id), where('mapping.organization_id', 'is not', null)]))
    .execute();
  return rows.toSorted(byName);
}

/** Throws CYBERAPP_TENANT_NOT_MAPPED, CYBERAPP_USER_INVALID, CYBERAPP_USER_CONFLICT. */
export async function createPageUser(store: Store, trx: Db, caller: Caller, fields: UserFields): Promise<UserRow> {
  const page = await requirePage(trx, caller);
  return addUser(store, trx, { ...fields, organizationId: page.id });
}

/** Changes what differs. Throws CYBERAPP_USER_NOT_FOUND for a user who is not of the page's organization. */
export async function updatePageUser(
  store: Store,
  trx: Db,
  caller: Caller,
  given: Omit<UserFields, 'login'> & { readonly id: string },
): Promise<void> {
  const { id, name, email } = given;
  const page = await requirePage(trx, caller);
  checkUserFields({ name, email });
  const user = await userOf(store, trx, page, id);
  if (user === undefined) throw CyberappError('CYBERAPP_USER_NOT_FOUND', { declared: 'user_not_found' });
  if (user.name === name && user.email === email) return;
  await trx
    .updateTable('cyberapp_users')
    .set({ name, email, updated_ms: store.clock.now() })
    .where('id', '=', user.id)
    .where('organization_id', '=', page.id)
    .execute();
}

/** An unknown user is no error: a delete may be repeated. Throws CYBERAPP_USER_CONFLICT for the caller himself and for the last who can log in. */
export async function deletePageUser(store: Store, trx: Db, caller: Caller, id: string): Promise<UserRow | undefined> {
  const page = await requirePage(trx, caller);
  const user = await userOf(store, trx, page, id);
  if (user === undefined) return undefined;
  if (user.id === caller.user.id) throw conflict('own_account', 'Users cannot remove themselves');
  if (user.password_hash !== null && page.kind === 'partner') await refuseLast(store, trx, user);
  await trx.deleteFrom('cyberapp_users').where('id', '=', user.id).where('organization_id', '=', page.id).execute();
  return user;
}

/** The user, when he is of the page's organization. */
export async function findPageUser(store: Store, trx: Db, caller: Caller, id: string): Promise<UserRow | undefined> {
  return userOf(store, trx, await requirePage(trx, caller), id);
}

async function requirePage(trx: Db, caller: Caller): Promise<OrganizationRow> {
  const page = await pageOrganization(trx, caller);
  if (page === undefined) throw CyberappError('CYBERAPP_TENANT_NOT_MAPPED', { declared: 'tenant_not_mapped' });
  return page;
}

function userOf(store: Store, trx: Db, page: OrganizationRow, id: string): Promise<UserRow | undefined> {
  const query = trx.selectFrom('cyberapp_users').selectAll().where('id', '=', id.toLowerCase()).where('organization_id', '=', page.id);
  return lockedWhere(store)(query).executeTakeFirst();
}

async function refuseLast(store: Store, trx: Db, user: UserRow): Promise<void> {
  const others = await lockedWhere(store)(
    trx
      .selectFrom('cyberapp_users')
      .select('id')
      .where('organization_id', '=', user.organization_id)
      .where('password_hash', 'is not', null)
      .where('state', '=', 'active')
      .where('id', '!=', user.id),
  ).execute();
  if (others.length === 0) throw conflict('last_account', 'This is the last account that can log in');
}
