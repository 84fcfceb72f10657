import type { SourceName } from '../store/tables.ts';

/** Codes of our workload types at Acronis (cyberapp 5.2 to 5.4). */
export type WorkloadCode = 'virtual_machine' | 'web_site' | 'bare_metal' | 'vps';

/** Codes of our alert types (cyberapp 5.5). */
export type AlertCode =
  | 'backup_failed'
  | 'backup_overdue'
  | 'vm_stuck_in_backup'
  | 'vm_error'
  | 'host_down'
  | 'storage_nearly_full'
  | 'storage_full'
  | 'certificate_expiring'
  | 'certificate_expired'
  | 'disk_quota_near'
  | 'disk_quota_exceeded'
  | 'site_suspended'
  | 'web_server_unreachable'
  | 'server_intervention'
  | 'server_unreachable'
  | 'server_blocked'
  | 'service_expiring';

export type AlertCategory = 'backup' | 'availability' | 'capacity' | 'security' | 'billing';

export type Attribute = string | number | boolean;

/** What a tenant's console is to show of one item. */
export interface DesiredWorkload {
  readonly itemKey: string;
  readonly source: SourceName;
  readonly type: WorkloadCode;
  readonly name: string;
  readonly enabled: boolean;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Names of attributes whose change alone is not sent at once (cyberapp 4.8). */
  readonly volatile: readonly string[];
}

/** Something that is wrong now for one organization: what becomes an alert once it has held long enough. */
export interface Condition {
  readonly dedupKey: string;
  readonly code: AlertCode;
  readonly source: SourceName;
  /** The workload that it is about. */
  readonly itemKey?: string;
  /** Since when it is so. Milliseconds. */
  readonly since: number;
  /** At most 120 characters. */
  readonly title: string;
  /** At most 1000. */
  readonly description: string;
  /** At most 20 pairs, values up to 500. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Everything that one tenant is to show, as far as the sources could be read. */
export interface TenantDesire {
  readonly tenantId: string;
  readonly organizationId: string;
  readonly datacenterId: string;
  readonly workloads: readonly DesiredWorkload[];
  readonly conditions: readonly Condition[];
  /** What of these is absent is gone; of other sources nothing is known. */
  readonly complete: ReadonlySet<SourceName>;
  readonly push: { readonly workloads: boolean; readonly alerts: boolean };
}
