import { canonicalJson } from '../../map/content-hash.ts';
import type { TenantDesire } from '../../map/types.ts';
import type { WorkloadRow } from '../../store/tables.ts';
import { readContent, type WantedContent, wantedContent } from './content.ts';
import { type Leaving, leavingRows } from './missing.ts';
import type { PushSettings } from './settings.ts';

export interface DiffInput {
  readonly rows: ReadonlyMap<string, WorkloadRow>;
  readonly desire: TenantDesire;
  readonly now: number;
  readonly settings: PushSettings;
  /** Whether another tenant is to show the item by now. */
  readonly isElsewhere: (itemKey: string) => boolean;
  /** The operator says that what is missing is really gone. */
  readonly allowDeletes: boolean;
}

export interface RowChange {
  readonly key: string;
  readonly set: Partial<WorkloadRow>;
}

/** What a tenant's rows become before anything is sent. */
export interface Diff extends Leaving {
  readonly inserts: readonly WorkloadRow[];
  readonly changes: readonly RowChange[];
  /** Keys of rows whose item was there. */
  readonly seen: readonly string[];
  readonly wanted: ReadonlyMap<string, WantedContent>;
}

/** Compares what is to be shown with what is stored: pure, the same for runs and dry runs (cyberapp 4.7, 4.10). */
export function diffTenant(input: DiffInput): Diff {
  const { rows, desire, now, settings } = input;
  const wanted = new Map<string, WantedContent>();
  const inserts: WorkloadRow[] = [];
  const changes: RowChange[] = [];
  const seen: string[] = [];
  for (const item of desire.workloads) {
    const want = wantedContent(item, settings.app, desire.tenantId);
    wanted.set(item.itemKey, want);
    const row = rows.get(item.itemKey);
    if (row === undefined) {
      inserts.push(newRow(desire, { item, want, now }));
      continue;
    }
    seen.push(item.itemKey);
    const set = { ...stateChange(row, want, now), ...ownerChange(row, desire) };
    if (Object.keys(set).length > 0) changes.push({ key: item.itemKey, set });
  }
  return { inserts, changes, seen, wanted, ...leavingRows(input, wanted) };
}

type Item = TenantDesire['workloads'][number];

function newRow(
  { tenantId, organizationId, datacenterId }: TenantDesire,
  { item, want, now }: { item: Item; want: WantedContent; now: number },
): WorkloadRow {
  return {
    acronis_tenant_id: tenantId,
    item_key: item.itemKey,
    organization_id: organizationId,
    datacenter_id: datacenterId,
    source: item.source,
    type: item.type,
    name: item.name,
    workload_id: null,
    state: 'new',
    content_hash: want.hash,
    sent_hash: null,
    body: JSON.stringify(want.content),
    first_seen_ms: now,
    last_seen_ms: now,
    missing_since_ms: null,
    missing_runs: 0,
    inflight_op: null,
    inflight_since_ms: null,
    attempts: 0,
    next_attempt_ms: 0,
    last_error: null,
    updated_ms: now,
  };
}

function ownerChange(row: WorkloadRow, { organizationId, datacenterId }: TenantDesire): Partial<WorkloadRow> {
  if (row.organization_id === organizationId && row.datacenter_id === datacenterId) return {};
  return { organization_id: organizationId, datacenter_id: datacenterId };
}

const FRESH = { attempts: 0, next_attempt_ms: 0, last_error: null } as const;

function stateChange(row: WorkloadRow, want: WantedContent, now: number): Partial<WorkloadRow> {
  const isOther = row.content_hash !== want.hash;
  if (row.state === 'leaving') return { ...returned(row), ...content(want), ...FRESH, updated_ms: now };
  // A type cannot be changed: the workload leaves, and the next run makes it anew.
  if (isOther && row.workload_id !== null && readContent(row.body).type !== want.content.type) return { state: 'leaving', ...FRESH };
  // Text that nobody has seen yet is simply the newer one.
  const body = row.state === 'new' && isOther ? { body: JSON.stringify(want.content) } : {};
  if (row.state === 'blocked' && isOther) return { ...content(want), ...unblocked(row, want), ...FRESH, updated_ms: now };
  return isOther ? { ...content(want), ...body, ...(row.state === 'live' ? FRESH : {}) } : {};
}

function content({ hash, content }: WantedContent): Partial<WorkloadRow> {
  return { content_hash: hash, name: content.name };
}

function unblocked(row: WorkloadRow, want: WantedContent): Partial<WorkloadRow> {
  return row.workload_id === null ? { state: 'new', body: JSON.stringify(want.content) } : { state: 'live' };
}

/** Wanted again before it was removed. A removal that may have happened shows when the workload is updated. */
function returned(row: WorkloadRow): Partial<WorkloadRow> {
  if (row.workload_id === null) return { state: 'creating', missing_since_ms: null };
  const isUncertain = row.inflight_op === 'delete';
  return { state: 'live', inflight_op: null, inflight_since_ms: null, ...(isUncertain ? { sent_hash: null } : {}) };
}

/** Whether a live row has to be sent again; the reason, for people. */
export function updateReason(
  row: WorkloadRow,
  want: WantedContent,
  { now, volatileRefreshMs }: { now: number; volatileRefreshMs: number },
): string | undefined {
  if (row.state !== 'live') return undefined;
  if (row.inflight_op === 'update') return 'an update had no answer';
  if (row.sent_hash === null) return 'what Acronis has is not known';
  if (row.sent_hash !== want.hash) return 'changed';
  if (now - row.updated_ms < volatileRefreshMs) return undefined;
  return canonicalJson(readContent(row.body).attributes) === canonicalJson(want.content.attributes) ? undefined : 'refreshed';
}
