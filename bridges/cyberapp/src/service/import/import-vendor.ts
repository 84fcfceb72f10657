import { loginKey, parseDatacenterUrl } from '@fairlead/acronis/codec';
import { isUuid } from '@fairlead/kernel/ids';
import { isPasswordHash } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../../errors.ts';
import type { Db } from '../../store/queries.ts';
import type { CyberappTables, MappingRow } from '../../store/tables.ts';
import type { Datacenter } from '../caller.ts';
import { addOrganization } from '../organizations.ts';
import { addUser } from '../users.ts';
import type { VendorFile, VendorMapping, VendorOrganization } from './vendor-file.ts';

export interface ImportOptions {
  /** For links whose row names no data center. */
  readonly datacenterUrl?: string | undefined;
  readonly datacenterHosts?: readonly string[] | undefined;
}

export interface ImportReport {
  readonly organizations: number;
  readonly users: number;
  readonly mappings: number;
  /** What was not taken over, or not as it was: a line for people each. */
  readonly notes: readonly string[];
}

const IMPORTER = 'import';

/** Takes over the sample's data: all of it or nothing; what is there already stays as it is. Throws CYBERAPP_IMPORT with everything that is wrong. */
export async function importVendor(store: Store, file: VendorFile, options: ImportOptions = {}): Promise<ImportReport> {
  const links = file.mappings.map((mapping) => ({ mapping, datacenter: datacenterOf(mapping, options) }));
  const mistakes = [
    ...mistakesOf(file),
    ...links.flatMap(({ mapping, datacenter }) => (datacenter === undefined ? [unplaced(mapping)] : [])),
  ];
  if (mistakes.length > 0) throw CyberappError('CYBERAPP_IMPORT', { reason: mistakes.join('; ') });
  return store.transaction<CyberappTables, ImportReport>(async (trx) => {
    const notes: string[] = [];
    const organizations = await importOrganizations(store, trx, file);
    const users = await importUsers(store, trx, file, notes);
    let mappings = 0;
    for (const { mapping, datacenter } of links) {
      if (datacenter !== undefined && (await importLink(store, trx, { mapping, datacenter, file }))) mappings += 1;
    }
    return { organizations, users, mappings, notes };
  });
}

function mistakesOf({ organizations, users, mappings }: VendorFile): string[] {
  const known = new Map(organizations.map((one) => [one.id, one]));
  const mistakes: string[] = [];
  for (const { id, parentId, kind, name } of organizations) {
    if (!isUuid(id)) mistakes.push(`organization ${name}: its id is no UUID`);
    if (parentId === null && kind === 'customer') mistakes.push(`organization ${name}: a customer has no partner above it`);
    if (parentId === null) continue;
    const parent = known.get(parentId);
    if (parent === undefined) mistakes.push(`organization ${name}: what is above it is not there`);
    else if (parent.kind === 'customer') mistakes.push(`organization ${name}: it is below a customer`);
    if (isInCycle(known, id)) mistakes.push(`organization ${name}: it is below itself`);
  }
  const logins = Map.groupBy(
    users.flatMap(({ login }) => login ?? []),
    loginKey,
  );
  for (const same of logins.values())
    if (same.length > 1) mistakes.push(`logins ${same.join(' and ')} are the same without regard to case`);
  for (const { organizationId, name } of users)
    if (!known.has(organizationId)) mistakes.push(`user ${name}: the organization is not there`);
  for (const { organizationId, tenantId } of mappings) {
    if (!known.has(organizationId)) mistakes.push(`link to ${tenantId}: the organization is not there`);
    if (!isUuid(tenantId)) mistakes.push(`link of ${known.get(organizationId)?.name ?? organizationId}: the tenant is no UUID`);
  }
  return mistakes;
}

function isInCycle(known: ReadonlyMap<string, VendorOrganization>, id: string): boolean {
  let at = known.get(id)?.parentId ?? null;
  for (let steps = 0; at !== null && steps <= known.size; steps += 1) {
    if (at === id) return true;
    at = known.get(at)?.parentId ?? null;
  }
  return false;
}

function datacenterOf({ datacenterUrl }: VendorMapping, options: ImportOptions): Datacenter | undefined {
  const url = datacenterUrl ?? options.datacenterUrl;
  return url === undefined ? undefined : parseDatacenterUrl(url, options.datacenterHosts);
}

function unplaced({ organizationId, datacenterUrl }: VendorMapping): string {
  const which =
    datacenterUrl === null ? 'it names no data center (--datacenter names one)' : `${datacenterUrl} is no data center of Acronis`;
  return `link of ${organizationId}: ${which}`;
}

/** Parents before their children. */
async function importOrganizations(store: Store, trx: Db, { organizations }: VendorFile): Promise<number> {
  const there = new Set((await trx.selectFrom('cyberapp_organizations').select('id').execute()).map(({ id }) => id));
  let made = 0;
  let waiting = organizations.filter(({ id }) => !there.has(id));
  while (waiting.length > 0) {
    const ready = waiting.filter(({ parentId }) => parentId === null || there.has(parentId));
    for (const { id, parentId, name, kind } of ready) {
      await addOrganization(store, trx, { id, name: name || id, kind, parentId: parentId ?? undefined, origin: 'imported' });
      there.add(id);
      made += 1;
    }
    waiting = waiting.filter(({ id }) => !there.has(id));
  }
  return made;
}

async function importUsers(store: Store, trx: Db, { users }: VendorFile, notes: string[]): Promise<number> {
  const there = await trx.selectFrom('cyberapp_users').select(['id', 'login_key']).execute();
  const ids = new Set(there.map(({ id }) => id));
  const logins = new Set(there.map((row) => row.login_key));
  let made = 0;
  for (const { id, login, name, email, password, organizationId } of users) {
    if (ids.has(id)) continue;
    if (login !== null && logins.has(loginKey(login)))
      throw CyberappError('CYBERAPP_IMPORT', { reason: `login ${login} is taken here already` });
    const isGood = password === null || isPasswordHash(password);
    if (!isGood) notes.push(`user ${login ?? name}: the password hash cannot be used; set a password with fairlead cyberapp user password`);
    if (login === null) notes.push(`user ${name}: without a login; the id stands for it`);
    const fields = { login: login ?? id, name: name || (login ?? id), email: email || `${id}@invalid.example` };
    if (email === '') notes.push(`user ${login ?? name}: without an e-mail address`);
    await addUser(store, trx, { ...fields, id, organizationId, passwordHash: isGood ? (password ?? undefined) : undefined });
    made += 1;
  }
  return made;
}

interface ImportedLink {
  readonly mapping: VendorMapping;
  readonly datacenter: Datacenter;
  readonly file: VendorFile;
}

/** The sample does not say who made a link: it was the nearest enabled partner, else the parent (cyberapp 3.3). */
async function importLink(store: Store, trx: Db, { mapping, datacenter, file }: ImportedLink): Promise<boolean> {
  const now = store.clock.now();
  const row: MappingRow = {
    organization_id: mapping.organizationId,
    acronis_tenant_id: mapping.tenantId,
    datacenter_id: datacenter.id,
    datacenter_url: datacenter.url,
    mapped_by_organization_id: mapperOf(mapping.organizationId, file),
    mapped_by_user_id: IMPORTER,
    request_id: IMPORTER,
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
  if (made.numInsertedOrUpdatedRows === 1n) return true;
  const there = await trx
    .selectFrom('cyberapp_mappings')
    .select('acronis_tenant_id')
    .where('organization_id', '=', mapping.organizationId)
    .executeTakeFirst();
  if (there?.acronis_tenant_id === mapping.tenantId) return false;
  throw CyberappError('CYBERAPP_IMPORT', {
    reason: `tenant ${mapping.tenantId} or organization ${mapping.organizationId} is linked otherwise here`,
  });
}

function mapperOf(organizationId: string, { organizations, mappings }: VendorFile): string {
  const known = new Map(organizations.map((one) => [one.id, one]));
  const enabled = new Set(mappings.map((one) => one.organizationId));
  const own = known.get(organizationId);
  if (own?.kind === 'partner') return organizationId;
  let at = own?.parentId ?? null;
  while (at !== null) {
    if (enabled.has(at)) return at;
    at = known.get(at)?.parentId ?? null;
  }
  return own?.parentId ?? organizationId;
}
