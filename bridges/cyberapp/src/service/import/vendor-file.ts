import { DatabaseSync } from 'node:sqlite';
import { CyberappError } from '../../errors.ts';

/** What the sample's `vendor.db` holds (cyberapp 3.1). */
export interface VendorFile {
  readonly organizations: readonly VendorOrganization[];
  readonly users: readonly VendorUser[];
  readonly mappings: readonly VendorMapping[];
}

export interface VendorOrganization {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: 'partner' | 'customer';
}

export interface VendorUser {
  readonly id: string;
  readonly login: string | null;
  readonly name: string;
  readonly email: string;
  readonly password: string | null;
  readonly organizationId: string;
}

export interface VendorMapping {
  readonly organizationId: string;
  readonly tenantId: string;
  readonly datacenterUrl: string | null;
}

/** Reads the three tables without changing anything. Throws CYBERAPP_IMPORT for a file that is none of these. */
export function readVendorFile(path: string): VendorFile {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      return readTables(db);
    } finally {
      db.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw CyberappError('CYBERAPP_IMPORT', { reason: `${path} is no vendor.db of the sample (${reason})` }, { cause });
  }
}

type Row = Readonly<Record<string, unknown>>;

function readTables(db: DatabaseSync): VendorFile {
  const all = (sql: string): readonly Row[] => db.prepare(sql).all() as Row[];
  return {
    organizations: all('select id, parent_id, name, kind from organizations').map((row) => ({
      id: id(row.id),
      parentId: row.parent_id === null ? null : id(row.parent_id),
      name: text(row.name),
      kind: kindOf(row.kind),
    })),
    users: all('select id, login, name, email, password, organization_id from users').map((row) => ({
      id: id(row.id),
      login: row.login === null ? null : text(row.login),
      name: text(row.name),
      email: text(row.email),
      password: row.password === null || row.password === '' ? null : text(row.password),
      organizationId: id(row.organization_id),
    })),
    mappings: all('select organization_id, acronis_tenant_id, acronis_dc_url from organizations_mapping').map((row) => ({
      organizationId: id(row.organization_id),
      tenantId: id(row.acronis_tenant_id),
      datacenterUrl: row.acronis_dc_url === null || row.acronis_dc_url === '' ? null : text(row.acronis_dc_url),
    })),
  };
}

function kindOf(kind: unknown): 'partner' | 'customer' {
  if (kind === 0) return 'partner';
  if (kind === 1) return 'customer';
  throw new TypeError('a kind of organization is neither 0 nor 1');
}

function id(value: unknown): string {
  return text(value).toLowerCase();
}

/** SQLite keeps whatever it is given. */
function text(value: unknown): string {
  return value === null ? '' : String(value);
}
