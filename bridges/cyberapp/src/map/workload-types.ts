import type { JsonSchema } from '@fairlead/acronis/codec';
import type { WorkloadCode } from './types.ts';
import {
  ATTRIBUTES,
  type AttributeKind,
  type AttributeName,
  type AttributeSpec,
  BACKUP_STATUSES,
  STATUSES,
} from './workload-attributes.ts';

/** How the Vendor Portal is to show an attribute. */
export interface Presentation {
  readonly title: string;
  readonly as: 'text' | 'byte size' | 'datetime';
  readonly sortable: boolean;
  readonly mapsTo?: string;
}

/** A type of workload as it is registered in the Vendor Portal. */
export interface WorkloadType {
  readonly title: string;
  /** JSON Schema, draft 4, without formats: closed, `fairlead_key` and `status` required. */
  readonly schema: JsonSchema;
  readonly presentation: Readonly<Partial<Record<AttributeName, Presentation>>>;
  /** Whether Acronis may merge it with the row of its own agent, by host name and MAC address. */
  readonly mapsToPlatform: boolean;
}

const MACHINE = ['hostname', 'mac_address', 'ip_address'] as const;
const SIZES = ['cpu_count', 'memory_bytes', 'disk_bytes'] as const;
const SERVICE = ['service_status', 'service_expires', 'auto_renew', 'provider_id'] as const;

/** Names of the attributes of each type, in the order in which they are shown. */
export const ATTRIBUTE_NAMES: Readonly<Record<WorkloadCode, readonly AttributeName[]>> = {
  virtual_machine: named(
    ...MACHINE,
    'ip_addresses',
    'os',
    ...SIZES,
    'zone',
    'owner',
    'offering',
    'created',
    'last_backup',
    'backup_status',
    'console_url',
  ),
  web_site: named(
    'hostname',
    'ip_address',
    'server',
    'domain',
    'web_aliases',
    'disk_used_bytes',
    'disk_quota_bytes',
    'over_quota',
    'tls',
    'certificate_expires',
    'php_version',
    'users_max',
    'created_by',
  ),
  bare_metal: named(...MACHINE, 'os', 'model', ...SIZES, 'datacenter', 'rack', ...SERVICE),
  vps: named(...MACHINE, 'os', 'model', ...SIZES, 'datacenter', ...SERVICE),
};

const TEXT: JsonSchema = { type: 'string' };

const SCHEMAS: Readonly<Record<AttributeKind, JsonSchema>> = {
  text: TEXT,
  host: TEXT,
  mac: TEXT,
  time: TEXT,
  status: { type: 'string', enum: STATUSES },
  backup_status: { type: 'string', enum: BACKUP_STATUSES },
  integer: { type: 'integer' },
  bytes: { type: 'integer' },
  flag: { type: 'boolean' },
};

const SHOWN: Readonly<Partial<Record<AttributeKind, Presentation['as']>>> = { bytes: 'byte size', time: 'datetime' };

/** The workload types of cyberapp 5.7. */
export const WORKLOAD_TYPES: Readonly<Record<WorkloadCode, WorkloadType>> = {
  virtual_machine: typeOf('virtual_machine', 'Virtual machine', true),
  // A site has no MAC address, and shares its address with others.
  web_site: typeOf('web_site', 'Web site', false),
  bare_metal: typeOf('bare_metal', 'Dedicated server', true),
  vps: typeOf('vps', 'Virtual private server', true),
};

function named(...names: AttributeName[]): readonly AttributeName[] {
  return ['fairlead_key', 'status', ...names];
}

function typeOf(code: WorkloadCode, title: string, mapsToPlatform: boolean): WorkloadType {
  const names = ATTRIBUTE_NAMES[code];
  const properties = Object.fromEntries(names.map((name) => [name, SCHEMAS[ATTRIBUTES[name].kind]]));
  const schema: JsonSchema = { type: 'object', properties, required: ['fairlead_key', 'status'], additionalProperties: false };
  const presentation = Object.fromEntries(names.map((name) => [name, presentationOf(ATTRIBUTES[name], mapsToPlatform)]));
  return { title, schema, presentation, mapsToPlatform };
}

function presentationOf({ title, kind, sortable = false, mapsTo }: AttributeSpec, mapsToPlatform: boolean): Presentation {
  const shown = { title, as: SHOWN[kind] ?? 'text', sortable } as const;
  return mapsTo === undefined || !mapsToPlatform ? shown : { ...shown, mapsTo };
}
