/** What kind of value an attribute has: it decides schema, presentation and what is let through (cyberapp 5.7). */
export type AttributeKind = 'text' | 'status' | 'backup_status' | 'integer' | 'bytes' | 'flag' | 'time' | 'mac' | 'host';

export interface AttributeSpec {
  readonly title: string;
  readonly kind: AttributeKind;
  /** Default false. */
  readonly sortable?: boolean;
  /** The column of a platform workload that it is mapped to in the Vendor Portal. */
  readonly mapsTo?: string;
}

/** One enumeration for all types, so that one widget shows them all. */
export const STATUSES = ['ONLINE', 'OFFLINE', 'TRANSITION', 'ERROR', 'SUSPENDED', 'BLOCKED', 'MAINTENANCE', 'RESCUE', 'UNKNOWN'] as const;
export type Status = (typeof STATUSES)[number];

export const BACKUP_STATUSES = ['OK', 'FAILED', 'NEVER', 'UNKNOWN'] as const;
export type BackupStatus = (typeof BACKUP_STATUSES)[number];

/** Every attribute of every type: one name means the same everywhere. */
export const ATTRIBUTES = {
  fairlead_key: { title: 'Fairlead key', kind: 'text' },
  status: { title: 'Status', kind: 'status', sortable: true },
  hostname: { title: 'Host name', kind: 'host', sortable: true, mapsTo: 'Host name' },
  mac_address: { title: 'MAC address', kind: 'mac', mapsTo: 'MAC address' },
  ip_address: { title: 'IP address', kind: 'text' },
  ip_addresses: { title: 'All IP addresses', kind: 'text' },
  os: { title: 'Operating system', kind: 'text' },
  cpu_count: { title: 'Processors', kind: 'integer' },
  memory_bytes: { title: 'Memory', kind: 'bytes' },
  disk_bytes: { title: 'Disk', kind: 'bytes' },
  zone: { title: 'Zone', kind: 'text' },
  owner: { title: 'Owner', kind: 'text', sortable: true },
  offering: { title: 'Offering', kind: 'text' },
  created: { title: 'Created', kind: 'time', sortable: true, mapsTo: 'First discovered' },
  last_backup: { title: 'Last backup', kind: 'time', sortable: true },
  backup_status: { title: 'Backup status', kind: 'backup_status' },
  console_url: { title: 'Console', kind: 'text' },
  server: { title: 'Server', kind: 'text' },
  domain: { title: 'Domain', kind: 'text' },
  web_aliases: { title: 'Web aliases', kind: 'text' },
  disk_used_bytes: { title: 'Disk used', kind: 'bytes' },
  disk_quota_bytes: { title: 'Disk quota', kind: 'bytes' },
  over_quota: { title: 'Over quota', kind: 'flag' },
  tls: { title: 'TLS', kind: 'flag' },
  certificate_expires: { title: 'Certificate expires', kind: 'time', sortable: true },
  php_version: { title: 'PHP', kind: 'text' },
  users_max: { title: 'Most users', kind: 'integer' },
  created_by: { title: 'Created by', kind: 'text' },
  model: { title: 'Model', kind: 'text' },
  datacenter: { title: 'Data center', kind: 'text' },
  rack: { title: 'Rack', kind: 'text' },
  service_status: { title: 'Service', kind: 'text' },
  service_expires: { title: 'Service expires', kind: 'time', sortable: true },
  auto_renew: { title: 'Renews by itself', kind: 'flag' },
  provider_id: { title: 'Provider id', kind: 'text' },
} as const satisfies Record<string, AttributeSpec>;

export type AttributeName = keyof typeof ATTRIBUTES;
