import { acronisClass } from '@fairlead/acronis';
import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import type { Store } from '@fairlead/kernel/store';
import type { TenantDesire } from '../../map/types.ts';
import type { CyberappTables, TargetRow } from '../../store/tables.ts';
import type { AlertSteps, LeftTenant } from './alert-steps.ts';
import { PAUSES_AFTER } from './backoff.ts';
import type { Tally } from './counts.ts';
import type { DatacenterState } from './datacenter-state.ts';
import { diffTenant } from './diff.ts';
import { Failures } from './failures.ts';
import { leave, mayExist } from './missing.ts';
import type { PushClient } from './push-client.ts';
import type { PushSettings } from './settings.ts';
import type { Targets } from './targets.ts';
import type { TenantTask } from './tenant-task.ts';
import type { TenantRows, WorkloadRows } from './workload-rows.ts';
import type { WorkloadPusher } from './workloads.ts';

export interface TenantPushParts {
  readonly store: Store;
  readonly rows: WorkloadRows;
  readonly targets: Targets;
  readonly workloads: WorkloadPusher;
  readonly alerts: AlertSteps;
  readonly settings: PushSettings;
  readonly datacenter: DatacenterState;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
}

/** What one run knows beside the tenant. */
export interface RunView {
  readonly client: PushClient;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  readonly isElsewhere: (itemKey: string, tenantId: string) => boolean;
  readonly allowDeletes: ReadonlySet<string>;
  /** Compare with Acronis now, whenever it was done last. */
  readonly reconcile: boolean;
}

/** All that a run does for one tenant, in the order of cyberapp 4.9. What it throws concerns the data center, or is no matter of Acronis. */
export class TenantPush {
  readonly #parts: TenantPushParts;

  constructor(parts: TenantPushParts) {
    this.#parts = parts;
  }

  /** Makes a tenant what is desired. */
  async push(desire: TenantDesire, known: TargetRow | undefined, view: RunView): Promise<void> {
    const target = targetOf(desire);
    if (known?.organization_id !== desire.organizationId) await this.#parts.targets.begin(target);
    let isGuarded = false;
    await this.#recorded(
      target,
      { known, view },
      async (failures) => {
        const compare =
          view.reconcile || this.#parts.datacenter.isDue(desire.tenantId, this.#parts.clock.now(), this.#parts.settings.reconcileMs);
        const of = { view, failures, compare };
        const task = desire.push.workloads ? await this.#prepare(desire, of) : await this.#withdraw(desire, of);
        isGuarded = task?.isGuarded === true;
        await this.#steps(desire, { task, view, compare });
        if (compare) this.#parts.datacenter.compared(desire.tenantId, this.#parts.clock.now());
      },
      () => isGuarded,
    );
  }

  /** Removes what is ours in a tenant that is no longer mapped; forgets it when nothing is left, or nobody lets us. */
  async leave(left: LeftTenant, known: TargetRow, view: RunView): Promise<void> {
    const { rows, settings, targets, alerts, workloads } = this.#parts;
    if (settings.onUnmap === 'keep') return await this.#drop(left, view);
    const failuresBefore = known.consecutive_failures;
    const ended = await this.#recorded(targetOf(left), { known, view }, async (failures) => {
      const all = await rows.load(left.tenantId);
      await this.#allLeave(left.tenantId, all);
      const task: TenantTask = { ...this.#taskOf(left.tenantId, all, { view, failures }), compare: false };
      await workloads.seek(task);
      view.tally.addAll(await alerts.leave(left, view.client, view.signal));
      await workloads.remove(task);
      if (all.size === 0 && !(await this.#hasAlerts(left.tenantId))) await targets.forget(left.datacenterId, left.tenantId);
    });
    const isShutOut =
      ended !== undefined && ['forbidden', 'refused'].includes(acronisClass(ended) ?? '') && failuresBefore + 1 >= PAUSES_AFTER;
    if (isShutOut) await this.#drop(left, view);
  }

  async #prepare(
    desire: TenantDesire,
    { view, failures, compare }: { view: RunView; failures: Failures; compare: boolean },
  ): Promise<TenantTask & { readonly isGuarded: boolean }> {
    const { rows, settings, clock } = this.#parts;
    const all = await rows.load(desire.tenantId);
    const diff = diffTenant({
      rows: all,
      desire,
      now: clock.now(),
      settings,
      isElsewhere: (key) => view.isElsewhere(key, desire.tenantId),
      allowDeletes: view.allowDeletes.has(desire.organizationId),
    });
    await rows.apply(desire.tenantId, all, diff);
    view.tally.add('dropped', diff.dropped.length);
    if (diff.guard !== undefined) view.tally.add('guarded');
    return { ...this.#taskOf(desire.tenantId, all, { view, failures }), wanted: diff.wanted, compare, isGuarded: diff.guard !== undefined };
  }

  /** Workloads are pushed no more: those that were leave at once, since somebody decided it (cyberapp 7.8). */
  async #withdraw(
    { tenantId, organizationId }: TenantDesire,
    { view, failures }: { view: RunView; failures: Failures },
  ): Promise<(TenantTask & { readonly isGuarded: boolean }) | undefined> {
    const { rows, settings } = this.#parts;
    const all = await rows.load(tenantId);
    const foreign = [...all.values()].filter((row) => row.organization_id !== organizationId).map((row) => row.item_key);
    if (settings.onUnmap === 'keep') await rows.remove(tenantId, all, foreign);
    if (all.size === 0) return undefined;
    await this.#allLeave(tenantId, all);
    return { ...this.#taskOf(tenantId, all, { view, failures }), compare: false, isGuarded: false };
  }

  async #steps(
    desire: TenantDesire,
    { task, view, compare }: { task: TenantTask | undefined; view: RunView; compare: boolean },
  ): Promise<void> {
    const { workloads, alerts } = this.#parts;
    const { client, signal, tally } = view;
    const failures: unknown[] = [];
    const step = async (work: () => Promise<void>): Promise<void> => {
      await work().catch((error: unknown) => {
        if (!isOfOneApi(error) || client.pausedUntil !== undefined) throw error;
        failures.push(error);
      });
    };
    if (task !== undefined) await step(() => workloads.bring(task));
    if (desire.push.alerts)
      await step(async () => {
        if (compare) tally.addAll(await alerts.reconcile(desire, client, signal));
        tally.addAll(await alerts.raise(desire, client, signal));
        tally.addAll(await alerts.close(desire, client, signal));
      });
    else if (await this.#hasAlerts(desire.tenantId)) await step(async () => tally.addAll(await alerts.leave(desire, client, signal)));
    if (task !== undefined) await step(() => workloads.remove(task));
    if (failures.length > 0) throw failures[0];
  }

  /** Everything of a tenant: what Acronis never had is forgotten. */
  async #allLeave(tenantId: string, all: TenantRows): Promise<void> {
    const { rows, clock } = this.#parts;
    const staying = [...all.values()].filter((row) => row.state !== 'leaving');
    const never = staying.filter((row) => !mayExist(row)).map((row) => row.item_key);
    await rows.change(tenantId, all, staying.filter(mayExist).map(leave(clock.now())));
    await rows.remove(tenantId, all, never);
  }

  async #hasAlerts(tenantId: string): Promise<boolean> {
    const query = this.#parts.store.tables<CyberappTables>().selectFrom('cyberapp_alerts').select('alert_id');
    return (await query.where('acronis_tenant_id', '=', tenantId).limit(1).execute()).length > 0;
  }

  async #drop(left: LeftTenant, { tally }: RunView): Promise<void> {
    const { rows, alerts, targets, audit } = this.#parts;
    const dropped = await rows.drop(left.tenantId);
    tally.add('dropped', dropped);
    tally.addAll(await alerts.drop(left));
    await targets.forget(left.datacenterId, left.tenantId);
    await audit.record({
      face: 'cyberapp',
      actor: 'connector',
      action: 'tenant.forget',
      object: left.tenantId,
      outcome: 'ok',
      detail: { organization: left.organizationId, datacenter: left.datacenterId, workloads: dropped },
    });
  }

  #taskOf(tenantId: string, rows: TenantRows, { view, failures }: { view: RunView; failures: Failures }) {
    const { client, signal, tally } = view;
    return { tenantId, rows, wanted: new Map(), client, signal, tally, failures, datacenter: this.#parts.datacenter };
  }

  /**
   * Does the work, and writes how it ended to the tenant's row. Answers the failure that concerns the tenant alone; throws any other.
   */
  async #recorded(
    target: ReturnType<typeof targetOf>,
    { known, view }: { known: TargetRow | undefined; view: RunView },
    work: (failures: Failures) => Promise<void>,
    isGuarded: () => boolean = () => false,
  ): Promise<unknown> {
    const failures = new Failures(view.client, known?.consecutive_failures ?? 0);
    let error: unknown;
    try {
      await work(failures);
      error = failures.last;
      if (error === undefined) failures.ok();
    } catch (thrown) {
      error = thrown;
    }
    if (error === undefined) {
      await this.#parts.targets.end(target, { failuresInRow: 0, error: undefined, isForbidden: false, isGuarded: isGuarded() });
      return undefined;
    }
    const found = acronisClass(error);
    if (found === undefined || found === 'token' || found === 'throttled') throw error;
    view.tally.add('failed');
    const failuresInRow = Math.max(failures.inRow, (known?.consecutive_failures ?? 0) + 1);
    await this.#parts.targets.end(target, { failuresInRow, error, isForbidden: found === 'forbidden', isGuarded: isGuarded() });
    if (view.client.pausedUntil !== undefined) throw error;
    return error;
  }
}

/** Workloads and alerts are two services: one that is ill does not keep the other from its work. What hangs is not waited for twice. */
function isOfOneApi(error: unknown): boolean {
  return ['server', 'protocol', 'refused', 'gone', 'too_large'].includes(acronisClass(error) ?? '');
}

function targetOf({ datacenterId, tenantId, organizationId }: LeftTenant) {
  return { datacenter_id: datacenterId, acronis_tenant_id: tenantId, organization_id: organizationId };
}
