/** Rows of `cyberappMigrations` (cyberapp 3.3). Ids are lower-case UUID text, times milliseconds, flags 0 or 1. */
export interface CyberappTables {
  cyberapp_organizations: OrganizationRow;
  cyberapp_users: UserRow;
  cyberapp_password_resets: PasswordResetRow;
  cyberapp_mappings: MappingRow;
  cyberapp_requests: RequestRow;
  cyberapp_sources: SourceRow;
  cyberapp_workloads: WorkloadRow;
  cyberapp_alerts: AlertRow;
  cyberapp_targets: TargetRow;
  cyberapp_runs: RunRow;
  cyberapp_counters: CounterRow;
}

export type OrganizationKind = 'partner' | 'customer';

export interface OrganizationRow {
  id: string;
  parent_id: string | null;
  /** `/<root id>/…/<id>/`: everything below an organization begins with its path. */
  path: string;
  /** 0 for a root. */
  depth: number;
  kind: OrganizationKind;
  name: string;
  state: 'active' | 'suspended';
  external_ref: string | null;
  origin: 'local' | 'mirrored' | 'imported';
  push: 'all' | 'workloads' | 'alerts' | 'none';
  sees_infrastructure: number;
  created_ms: number;
  updated_ms: number;
  version: number;
}

export interface UserRow {
  id: string;
  organization_id: string;
  /** As it was given. */
  login: string;
  /** NFKC, lower case: what identities are compared with. */
  login_key: string;
  name: string;
  email: string;
  /** PHC string; null: cannot authenticate. */
  password_hash: string | null;
  credential_version: number;
  password_changed_ms: number | null;
  state: 'active' | 'suspended';
  last_login_ms: number | null;
  created_ms: number;
  updated_ms: number;
}

export interface PasswordResetRow {
  token_digest: string;
  user_id: string;
  requested_ms: number;
  expires_ms: number;
  used_ms: number | null;
}

export type TenantState = 'unknown' | 'ok' | 'disabled' | 'gone' | 'wrong_kind' | 'forbidden';

export interface MappingRow {
  organization_id: string;
  acronis_tenant_id: string;
  /** Label of the data center, `eu8`: both forms of its domain mean the same (cyberapp 7.6). */
  datacenter_id: string;
  datacenter_url: string;
  /** Whose credentials wrote the row. */
  mapped_by_organization_id: string;
  mapped_by_user_id: string;
  request_id: string;
  created_ms: number;
  updated_ms: number;
  tenant_state: TenantState;
  tenant_checked_ms: number | null;
}

/** The answer to a write, for a gateway that asks again (cyberapp 2.10). */
export interface RequestRow {
  organization_id: string;
  request_id: string;
  callback_id: string;
  digest: string;
  status: number;
  response: string;
  created_ms: number;
  expires_ms: number;
}

export type SourceName = 'cloudstack' | 'blueonyx' | 'ovh';

/** Whose an item of the inventory is (cyberapp 5.1). */
export interface SourceRow {
  id: string;
  organization_id: string;
  source: SourceName;
  selector_kind: string;
  selector: string;
  priority: number;
  created_ms: number;
}

export interface WorkloadRow {
  acronis_tenant_id: string;
  item_key: string;
  organization_id: string;
  datacenter_id: string;
  source: SourceName;
  /** Code of its type, `virtual_machine`. */
  type: string;
  name: string;
  workload_id: string | null;
  state: 'new' | 'creating' | 'live' | 'blocked' | 'leaving';
  content_hash: string | null;
  sent_hash: string | null;
  /** JSON as sent. */
  body: string;
  first_seen_ms: number;
  last_seen_ms: number;
  missing_since_ms: number | null;
  missing_runs: number;
  inflight_op: 'create' | 'update' | 'delete' | null;
  inflight_since_ms: number | null;
  attempts: number;
  next_attempt_ms: number;
  last_error: string | null;
  updated_ms: number;
}

export interface AlertRow {
  acronis_tenant_id: string;
  dedup_key: string;
  episode: number;
  organization_id: string;
  datacenter_id: string;
  /** Code of its type, `backup_failed`. */
  alert_type: string;
  severity: 'warning' | 'error' | 'critical';
  item_key: string | null;
  state: 'pending' | 'raising' | 'open' | 'closing' | 'dismissed' | 'blocked' | 'closed';
  alert_id: string | null;
  /** Unique for this instance: an answer that was lost is found by it. */
  source_stamp: number;
  content_hash: string;
  body: string;
  opened_ms: number;
  last_true_ms: number;
  false_since_ms: number | null;
  closed_ms: number | null;
  dismissed_ms: number | null;
  inflight_op: 'raise' | 'dismiss' | null;
  inflight_since_ms: number | null;
  attempts: number;
  next_attempt_ms: number;
  last_error: string | null;
  updated_ms: number;
}

export interface TargetRow {
  datacenter_id: string;
  acronis_tenant_id: string;
  organization_id: string;
  consecutive_failures: number;
  next_attempt_ms: number;
  last_ok_ms: number | null;
  last_error: string | null;
  paused_reason: string | null;
}

export interface RunRow {
  id: string;
  datacenter_id: string;
  started_ms: number;
  finished_ms: number | null;
  trigger: string;
  dry_run: number;
  /** JSON. */
  counts: string;
  outcome: string;
  node: string;
}

export interface CounterRow {
  name: string;
  value: number;
}
