import type { AlertRow } from '../store/tables.ts';
import type { AlertCategory, AlertCode } from './types.ts';

const MINUTE = 60_000;

/** A type of alert as it is registered in the Vendor Portal, and for how long its condition must be so, or not so. */
export interface AlertType {
  readonly category: AlertCategory;
  /** Bound to the type: what has two levels has two types. */
  readonly severity: AlertRow['severity'];
  readonly title: string;
  /** Counted from `Condition.since`: raised when it has been so for this long. */
  readonly holdMs: number;
  /** Closed when it has not been so for this long. */
  readonly clearMs: number;
}

/** Readable names of categories: the member `category` of what an alert tells. */
export const ALERT_CATEGORIES: Readonly<Record<AlertCategory, string>> = {
  backup: 'Backup',
  availability: 'Availability',
  capacity: 'Capacity',
  security: 'Security',
  billing: 'Billing',
};

/** The alerts of cyberapp 5.5. What has no hold time raises and closes at once. */
export const ALERT_TYPES: Readonly<Record<AlertCode, AlertType>> = {
  backup_failed: row('backup', 'error', 'Backup failed'),
  backup_overdue: row('backup', 'warning', 'Backup overdue'),
  vm_stuck_in_backup: row('backup', 'error', 'Machine stuck in backup', { hold: 120 }),
  vm_error: row('availability', 'error', 'Machine in error', { hold: 10, clear: 5 }),
  host_down: row('availability', 'critical', 'Host of machines down', { hold: 5, clear: 5 }),
  storage_nearly_full: row('capacity', 'warning', 'Storage nearly full'),
  storage_full: row('capacity', 'critical', 'Storage full'),
  certificate_expiring: row('security', 'warning', 'Certificate expiring'),
  certificate_expired: row('security', 'critical', 'Certificate expired'),
  disk_quota_near: row('capacity', 'warning', 'Disk quota nearly used'),
  disk_quota_exceeded: row('capacity', 'error', 'Disk quota exceeded'),
  site_suspended: row('availability', 'warning', 'Web site suspended'),
  // Held by `[connector] source_error_after`, before it is a condition at all.
  web_server_unreachable: row('availability', 'error', 'Web server unreachable'),
  server_intervention: row('availability', 'warning', 'Work on a server'),
  server_unreachable: row('availability', 'critical', 'Server unreachable', { clear: 10 }),
  server_blocked: row('security', 'critical', 'Server blocked'),
  service_expiring: row('billing', 'warning', 'Service expiring'),
};

/** Minutes. */
interface Times {
  readonly hold?: number;
  readonly clear?: number;
}

function row(category: AlertCategory, severity: AlertRow['severity'], title: string, { hold = 0, clear = 0 }: Times = {}): AlertType {
  return { category, severity, title, holdMs: hold * MINUTE, clearMs: clear * MINUTE };
}
