import { workloadTypeCti } from '@fairlead/acronis/codec';
import type { Store } from '@fairlead/kernel/store';
import type { TenantDesire } from '../../map/types.ts';
import { WORKLOAD_TYPES } from '../../map/workload-types.ts';
import type { CyberappTables, WorkloadRow } from '../../store/tables.ts';
import type { AlertSteps, LeftTenant } from './alert-steps.ts';
import { changeTexts, readContent } from './content.ts';
import { type Diff, diffTenant, updateReason } from './diff.ts';
import { mayExist } from './missing.ts';
import type { PlannedOperation } from './plan.ts';
import type { PushClient } from './push-client.ts';
import type { Collected, RunOptions } from './run.ts';
import { queueOf } from './run-queue.ts';
import type { PushSettings } from './settings.ts';
import { Targets } from './targets.ts';
import { mergeDiff, type TenantRows, WorkloadRows } from './workload-rows.ts';

export interface DryRunParts {
  readonly store: Store;
  readonly datacenterId: string;
  readonly collect: (signal: AbortSignal) => Promise<Collected>;
  readonly alerts: Pick<AlertSteps, 'plan'>;
  readonly settings: PushSettings;
  /** Asked what is there; without it nothing is sent at all. */
  readonly remote?: PushClient | undefined;
}

type Where = Pick<PlannedOperation, 'org' | 'tenant' | 'dc'>;

/** What a run would do now, paused tenants included: writes to no table, and sends nothing but questions (cyberapp 4.12). */
export async function* dryRun(
  parts: DryRunParts,
  options: Pick<RunOptions, 'organizationId' | 'allowDeletes'>,
  signal: AbortSignal,
): AsyncGenerator<PlannedOperation, void, undefined> {
  const { store, datacenterId, settings } = parts;
  const { desires } = await parts.collect(signal);
  const targets = await new Targets(store).load(datacenterId);
  const { work } = await queueOf({ store, datacenterId, desires, targets, organizationId: options.organizationId, heedPauses: false });
  const owners = new Map(desires.flatMap(({ tenantId, workloads }) => workloads.map(({ itemKey }) => [itemKey, tenantId] as const)));
  for (const one of work) {
    signal.throwIfAborted();
    if (one.kind === 'leave') {
      const of = { where: whereOf(one.left), reason: 'the tenant is no longer mapped', isKept: settings.onUnmap === 'keep' };
      yield* leavingWorkloads(store, of);
      yield* leavingAlerts(store, of);
      continue;
    }
    const { desire } = one;
    const isElsewhere = (key: string) => owners.has(key) && owners.get(key) !== desire.tenantId;
    const allowDeletes = options.allowDeletes?.has(desire.organizationId) ?? false;
    const withdrawn = (what: string) => ({ where: whereOf(desire), reason: `${what} are no longer pushed`, isKept: false });
    if (desire.push.workloads) yield* pushedTenant(parts, desire, { isElsewhere, allowDeletes, settings, signal });
    else yield* leavingWorkloads(store, withdrawn('workloads'));
    if (desire.push.alerts) yield* await parts.alerts.plan(desire);
    else yield* leavingAlerts(store, withdrawn('alerts'));
  }
}

interface Push {
  readonly isElsewhere: (key: string) => boolean;
  readonly allowDeletes: boolean;
  readonly settings: PushSettings;
  readonly signal: AbortSignal;
}

async function* pushedTenant({ store, remote }: DryRunParts, desire: TenantDesire, push: Push): AsyncGenerator<PlannedOperation> {
  const now = store.clock.now();
  const rows = await new WorkloadRows(store).load(desire.tenantId);
  const diff = diffTenant({ ...push, rows, desire, now });
  const where = whereOf(desire);
  for (const key of diff.dropped)
    yield { ...where, op: 'drop', kind: 'workload', key, reason: 'gone, and Acronis never had it', changes: [] };
  mergeDiff(rows, diff, now);
  if (diff.guard !== undefined) {
    const reason = `${diff.guard.missing} of ${diff.guard.live} are missing: nothing is removed unless it is allowed`;
    yield { ...where, op: 'guard', kind: 'workload', key: '', reason, changes: [] };
  }
  const there = remote === undefined ? undefined : await keysThere(remote, desire, push);
  for (const row of rows.values()) {
    const told = operationOf(row, { diff, there, now, settings: push.settings });
    if (told !== undefined) yield { ...where, kind: 'workload', key: row.item_key, ...told };
  }
}

type Told = Pick<PlannedOperation, 'op' | 'reason' | 'changes'>;

interface View {
  readonly diff: Diff;
  readonly there: ReadonlySet<string> | undefined;
  readonly now: number;
  readonly settings: PushSettings;
}

function operationOf(row: WorkloadRow, { diff, there, now, settings }: View): Told | undefined {
  const want = diff.wanted.get(row.item_key);
  const isThere = there?.has(row.item_key);
  if (row.state === 'leaving') return { op: row.workload_id === null ? 'look_up' : 'remove', reason: 'no longer to be shown', changes: [] };
  if (row.state === 'creating') return { op: 'look_up', reason: 'sent, and not yet found', changes: [] };
  if (want === undefined) return undefined;
  const all = changeTexts(undefined, want.content);
  if (row.state === 'new') {
    if (isThere) return { op: 'look_up', reason: 'is there already', changes: [] };
    return { op: 'create', reason: 'not there yet', changes: all };
  }
  if (row.state === 'live' && isThere === false) return { op: 'create', reason: 'not there any more', changes: all };
  const reason = updateReason(row, want, { now, volatileRefreshMs: settings.volatileRefreshMs });
  if (reason === undefined) return undefined;
  return { op: 'update', reason, changes: changeTexts(row.sent_hash === null ? undefined : readContent(row.body), want.content) };
}

async function keysThere(remote: PushClient, { tenantId }: TenantDesire, { settings, signal }: Push): Promise<ReadonlySet<string>> {
  const types = Object.keys(WORKLOAD_TYPES).map((code) => workloadTypeCti(settings.app, code));
  const keys = new Set<string>();
  for await (const { externalId, attributes } of remote.workloads.list({ tenantId, types }, signal))
    for (const key of [externalId, attributes.fairlead_key]) if (typeof key === 'string') keys.add(key);
  return keys;
}

interface Leaving {
  readonly where: Where;
  readonly reason: string;
  /** Forgotten here, and left there. */
  readonly isKept: boolean;
}

async function* leavingWorkloads(store: Store, { where, reason, isKept }: Leaving): AsyncGenerator<PlannedOperation> {
  const rows: TenantRows = await new WorkloadRows(store).load(where.tenant);
  for (const row of rows.values())
    yield { ...where, op: isKept || !mayExist(row) ? 'drop' : 'remove', kind: 'workload', key: row.item_key, reason, changes: [] };
}

async function* leavingAlerts(store: Store, { where, reason, isKept }: Leaving): AsyncGenerator<PlannedOperation> {
  const alerts = await store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_alerts')
    .select('dedup_key')
    .where('acronis_tenant_id', '=', where.tenant)
    .where('state', 'in', ['raising', 'open', 'closing'])
    .execute();
  for (const { dedup_key: key } of alerts) yield { ...where, op: isKept ? 'drop' : 'close', kind: 'alert', key, reason, changes: [] };
}

function whereOf({ organizationId, tenantId, datacenterId }: LeftTenant): Where {
  return { org: organizationId, tenant: tenantId, dc: datacenterId };
}
