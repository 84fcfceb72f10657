import { derivesFrom, parseCti } from '@fairlead/acronis/codec';
import { expect, test } from 'vitest';
import { type ManifestSettings, manifestOf } from './manifest.ts';
import { manifestMarkdown } from './manifest-markdown.ts';
import { portalSchema } from './portal-schema.ts';

const SETTINGS: ManifestSettings = {
  app_code: 'acme.fairlead',
  paths: ['/callback', '/old'],
  enablement: 'mapped',
  user_management: true,
  inventory_callbacks: true,
  declared_errors: true,
};

const manifest = manifestOf(SETTINGS, 'https://gateway.example:8444/');
const page = manifestMarkdown(manifest);

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

test('cyberapp 9.178: every type identifier of a manifest is one, and none is told for two things', () => {
  const told = texts(manifest).filter((text) => text.startsWith('cti'));
  expect(told.filter((text) => parseCti(text) === undefined)).toEqual([]);
  const registered = [
    ...[manifest.endpoint, ...manifest.predefinedCallbacks, ...manifest.customCallbacks],
    ...[...manifest.alertCategories, ...manifest.alertTypes, ...manifest.workloadTypes],
  ].map(({ cti }) => cti);
  expect(new Set(registered).size).toBe(registered.length);
  expect(registered.filter((cti) => !page.includes(cti))).toEqual([]);
});

test('cyberapp 9.178: a manifest is the same each time, as data and as a page', () => {
  const again = manifestOf({ ...SETTINGS }, 'https://gateway.example:8444');
  expect(JSON.stringify(again)).toBe(JSON.stringify(manifest));
  expect(manifestMarkdown(again)).toBe(page);
});

test('cyberapp 10.3: the endpoint, the form and the retries are told', () => {
  expect(manifest.endpoint).toEqual({
    cti: 'cti.a.p.acgw.endpoint.v1.0~acme.fairlead.endpoint.v1.0',
    url: 'https://gateway.example:8444/callback',
  });
  expect(manifest.enablement.form.map(({ kind, id }) => [kind, id])).toEqual([
    ['identity', 'login'],
    ['secret', 'password'],
  ]);
  expect(manifest.retryPolicy).toEqual({ kind: 'fixed', intervalS: 5, tries: 3, timeoutS: 15 });
});

test('cyberapp 10.3: callbacks are those that are served, each with distinct statuses and schemas that the portal takes', () => {
  const names = (...change: Partial<ManifestSettings>[]) =>
    manifestOf(Object.assign({}, SETTINGS, ...change), 'https://g').customCallbacks.map(({ name }) => name);
  expect(manifest.predefinedCallbacks.map(({ name }) => name)).toEqual([
    ...['enablement.read', 'enablement.write', 'enablement.reset', 'topology.read', 'tenant_mapping.read', 'tenant_mapping.write'],
  ]);
  const users = ['users_read', 'user_write', 'user_update', 'user_delete', 'reset_password'];
  expect(names()).toEqual([...users, 'inventory_read', 'connector_status_read']);
  expect(names({ inventory_callbacks: false })).toEqual(users);
  expect(names({ inventory_callbacks: false, user_management: false })).toEqual([]);
  for (const { responses } of manifest.customCallbacks) {
    const statuses = responses.map(({ status }) => status);
    expect(new Set(statuses).size).toBe(statuses.length);
  }
  const write = manifest.customCallbacks.find(({ name }) => name === 'user_write');
  expect(write?.responses.map(({ status }) => status)).toEqual([200, 404, 409, 422]);
  expect(write?.request.schema).toEqual({
    type: 'object',
    properties: { login: { type: 'string' }, name: { type: 'string' }, email: { type: 'string' } },
    required: ['login', 'name', 'email'],
  });
  const taken = ['type', 'properties', 'required', 'additionalProperties', 'items', 'anyOf'];
  const keywords = manifest.customCallbacks.flatMap(({ request, responses }) =>
    [request, ...responses].flatMap(({ schema }) => words(schema)),
  );
  expect(keywords.filter((word) => !taken.includes(word))).toEqual([]);
});

test('cyberapp 2.9: what the portal does not take of a schema is left out at any depth', () => {
  const name = { type: 'string', minLength: 1, maxLength: 9, pattern: '^a' } as const;
  const list = { type: 'array', maxItems: 3, items: { type: 'object', properties: { name }, required: ['name'] } } as const;
  expect(portalSchema({ anyOf: [list, { type: 'integer', minimum: 0 }] })).toEqual({
    anyOf: [
      { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
      { type: 'integer' },
    ],
  });
  expect(portalSchema(undefined)).toEqual({});
});

function words(schema: object): string[] {
  const { properties = {}, items } = schema as { readonly properties?: Record<string, object>; readonly items?: object };
  return [...Object.keys(schema), ...Object.values(properties).flatMap(words), ...(items === undefined ? [] : words(items))];
}

test('cyberapp 10.3: mirrored enablement has no form and other callbacks', () => {
  const mirrored = manifestOf({ ...SETTINGS, enablement: 'mirrored' }, 'https://g');
  expect(mirrored.enablement.form).toEqual([]);
  expect(mirrored.predefinedCallbacks.map(({ name }) => name)).toContain('customer.mirroring.set_state');
  expect(manifestMarkdown(mirrored)).not.toContain('| identity |');
});

test('cyberapp 5.5: seventeen alert types have one severity each, in five categories', () => {
  expect(manifest.alertCategories.map(({ code }) => code)).toEqual(['backup', 'availability', 'capacity', 'security', 'billing']);
  const bySeverity = Map.groupBy(manifest.alertTypes, ({ severity }) => severity);
  const codes = (severity: string) => (bySeverity.get(severity) ?? []).map(({ code }) => code).toSorted();
  expect(codes('critical')).toEqual(['certificate_expired', 'host_down', 'server_blocked', 'server_unreachable', 'storage_full']);
  expect(codes('error')).toEqual(['backup_failed', 'disk_quota_exceeded', 'vm_error', 'vm_stuck_in_backup', 'web_server_unreachable']);
  expect(codes('warning')).toEqual([
    ...['backup_overdue', 'certificate_expiring', 'disk_quota_near', 'server_intervention', 'service_expiring', 'site_suspended'],
    'storage_nearly_full',
  ]);
  const failed = manifest.alertTypes.find(({ code }) => code === 'backup_failed');
  expect(failed).toMatchObject({
    cti: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~acme.fairlead.backup_failed.v1.0',
    category: 'cti.a.p.am.category.v1.0~acme.fairlead.backup.v1.0',
  });
  expect(manifest.alertTypes.every(({ cti }) => derivesFrom(cti, 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0'))).toBe(true);
});

test('cyberapp 5.7: workload types are closed, require key and status, and show sizes and times as such', () => {
  expect(manifest.workloadTypes.map(({ code, mapsToPlatform }) => [code, mapsToPlatform])).toEqual([
    ['virtual_machine', true],
    ['web_site', false],
    ['bare_metal', true],
    ['vps', true],
  ]);
  for (const { schema, columns } of manifest.workloadTypes) {
    expect(schema).toMatchObject({ type: 'object', required: ['fairlead_key', 'status'], additionalProperties: false });
    expect(Object.keys(schema.properties ?? {})).toEqual(columns.map(({ attribute }) => attribute));
    expect(columns.filter(({ attribute, as }) => attribute.endsWith('_bytes') !== (as === 'byte size'))).toEqual([]);
  }
  const [machine, site] = manifest.workloadTypes;
  expect(machine?.columns.filter(({ sortable }) => sortable).map(({ attribute }) => attribute)).toEqual([
    ...['status', 'hostname', 'owner', 'created', 'last_backup'],
  ]);
  expect(machine?.columns.flatMap(({ attribute, mapsTo = [] }) => [mapsTo].flat().map((to) => [attribute, to]))).toEqual([
    ['hostname', 'Host name'],
    ['mac_address', 'MAC address'],
    ['created', 'First discovered'],
  ]);
  expect(site?.columns.filter((column) => column.mapsTo !== undefined)).toEqual([]);
  expect(machine?.schema.properties?.status?.enum).toEqual([
    ...['ONLINE', 'OFFLINE', 'TRANSITION', 'ERROR', 'SUSPENDED', 'BLOCKED', 'MAINTENANCE', 'RESCUE', 'UNKNOWN'],
  ]);
  expect(site?.schema.properties).toMatchObject({
    disk_used_bytes: { type: 'integer' },
    users_max: { type: 'integer' },
    over_quota: { type: 'boolean' },
    certificate_expires: { type: 'string' },
  });
});
