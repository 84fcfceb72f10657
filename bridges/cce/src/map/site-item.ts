import { unpackArray } from '@fairlead/cscp/codec';
import type { ObjectView } from '@fairlead/engine-cce';
import type { InventoryItem } from '@fairlead/kernel/services';

/** Bytes of one step of `Disk.used` and `Disk.quota`, which differ by release (cce 9, `disk_units`). */
export interface SiteUnits {
  readonly used: number;
  readonly quota: number;
}

export interface SiteFacts {
  /** `[cce] host_id`. */
  readonly hostId: string;
  /** Name of the machine. */
  readonly server: string;
  readonly units: SiteUnits;
}

type Attributes = Record<string, string | number | boolean>;

/** A Vsite as an item of the inventory (cce 12.7). */
export function siteItem(view: ObjectView, { hostId, server, units }: SiteFacts): InventoryItem {
  const of = (key: string, namespace = '') => view.namespaces.get(namespace)?.get(key) ?? '';
  const disk = diskOf(of, units);
  const attributes: Attributes = {
    object_id: view.oid,
    status: isOn(of('suspend')) ? 'SUSPENDED' : 'ONLINE',
    hostname: of('fqdn'),
    server,
  };
  const words = {
    ip_address: of('ipaddr') || of('ipaddrIPv6'),
    domain: of('domain'),
    web_aliases: unpackArray(of('webAliases')).join(', '),
    certificate_expires: timeOf(of('expires', 'SSL')) ?? '',
    php_version: isOn(of('enabled', 'PHP')) ? of('version', 'PHP') : '',
    created_by: of('createdUser'),
  };
  for (const [key, value] of Object.entries(words)) if (value !== '') attributes[key] = value;
  const users = numberOf(of('maxusers'));
  if (users !== undefined) attributes.users_max = users;
  attributes.tls = isOn(of('enabled', 'SSL'));
  const owner = [
    { kind: 'site', selector: `${hostId}/${of('name')}` },
    { kind: 'domain', selector: of('domain') },
    { kind: 'reseller', selector: `${hostId}/${of('createdUser')}` },
  ].filter(({ selector }) => selector !== '' && !selector.endsWith('/'));
  return { key: `bx:${hostId}:vsite:${of('name')}`, kind: 'web_site', name: of('fqdn'), owner, attributes: { ...attributes, ...disk } };
}

function diskOf(of: (key: string, namespace?: string) => string, units: SiteUnits): Attributes {
  const [used, quota] = [numberOf(of('used', 'Disk')), numberOf(of('quota', 'Disk'))];
  const bytes: Attributes = {};
  const usedBytes = used === undefined || used < 0 ? undefined : used * units.used;
  // -1 is no limit.
  const quotaBytes = quota === undefined || quota < 0 ? undefined : quota * units.quota;
  if (usedBytes !== undefined) bytes.disk_used_bytes = usedBytes;
  if (quotaBytes !== undefined) bytes.disk_quota_bytes = quotaBytes;
  const isFull = usedBytes !== undefined && quotaBytes !== undefined && usedBytes >= quotaBytes;
  bytes.over_quota = isFull || isOn(of('user_over_quota', 'Disk'));
  return bytes;
}

function isOn(value: string): boolean {
  return value !== '' && value !== '0';
}

function numberOf(value: string): number | undefined {
  return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** OpenSSL writes `Jan 12 10:00:00 2027 GMT`. */
function timeOf(value: string): string | undefined {
  const ms = value === '' ? Number.NaN : Date.parse(value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
