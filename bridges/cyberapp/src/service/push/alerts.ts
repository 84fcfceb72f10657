import { alertDraft } from '../../map/drafts.ts';
import type { Condition, TenantDesire } from '../../map/types.ts';
import type { Db } from '../../store/queries.ts';
import type { AlertRow, CyberappTables } from '../../store/tables.ts';
import { type AlertBody, readAlertBody } from './alert-body.ts';
import { dismissAlert } from './alert-dismiss.ts';
import { beside, eachAlert } from './alert-failures.ts';
import { flappingCondition } from './alert-flapping.ts';
import { type AlertChange, type MachineRules, whenLeft, whileFalse, whileTrue } from './alert-machine.ts';
import type { AlertParts, AlertTask } from './alert-parts.ts';
import { planAlerts } from './alert-plan.ts';
import { AlertRaise } from './alert-raise.ts';
import { AlertReconcile } from './alert-reconcile.ts';
import { heldRows, noteTrue, pastOf, writeChanges } from './alert-rows.ts';
import type { AlertSteps, LeftTenant } from './alert-steps.ts';
import { type PushCounts, Tally } from './counts.ts';
import type { PlannedOperation } from './plan.ts';
import type { PushClient } from './push-client.ts';

/** Makes the alerts of one tenant what its conditions say (cyberapp 5.6). */
export class AlertPusher implements AlertSteps {
  readonly #parts: AlertParts;
  readonly #raise: AlertRaise;
  readonly #reconcile: AlertReconcile;

  constructor(parts: AlertParts) {
    this.#parts = parts;
    this.#raise = new AlertRaise(parts);
    this.#reconcile = new AlertReconcile(parts);
  }

  async raise(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts> {
    const task = { client, signal, tally: new Tally() };
    if (!desire.push.alerts) return task.tally.counts;
    signal.throwIfAborted();
    await this.#fold(desire);
    await this.#raiseDue(desire.tenantId, task);
    return task.tally.counts;
  }

  async close(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts> {
    const task = { client, signal, tally: new Tally() };
    if (desire.push.alerts) await this.#closeDue(desire.tenantId, task);
    return task.tally.counts;
  }

  async reconcile(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts> {
    const task = { client, signal, tally: new Tally() };
    if (desire.push.alerts) await beside(task, this.#reconcile.run(desire.tenantId, task));
    return task.tally.counts;
  }

  async leave(tenant: LeftTenant, client: PushClient, signal: AbortSignal): Promise<PushCounts> {
    const { tenantId } = tenant;
    const task = { client, signal, tally: new Tally() };
    await this.#abandon(tenant);
    const settling = await eachAlert(await this.#due(tenantId, 'raising'), task, (row) => this.#raise.settle(row, task));
    await this.#abandon(tenant);
    // Who calls has to know that not everything is gone yet.
    const failure = (await this.#closeDue(tenantId, task)) ?? settling;
    if (failure !== undefined) throw failure;
    // What Acronis refuses to dismiss stays there: nobody comes back for it.
    await this.#remove(tenant, ['closed', 'blocked']);
    return task.tally.counts;
  }

  async drop(tenant: LeftTenant): Promise<PushCounts> {
    const tally = new Tally();
    tally.add('dropped', await this.#remove(tenant));
    return tally.counts;
  }

  async plan(desire: TenantDesire): Promise<readonly PlannedOperation[]> {
    if (!desire.push.alerts) return [];
    const { store } = this.#parts;
    const { rows, changes } = await store.transaction<CyberappTables, Folded>((trx) => this.#changes(trx, desire));
    return planAlerts(desire, rows, changes);
  }

  /** Conditions become changes of rows, in one transaction and without a call. */
  async #fold(desire: TenantDesire): Promise<void> {
    const { tenantId, conditions } = desire;
    await this.#parts.store.transaction<CyberappTables, void>(async (trx) => {
      const { changes, past } = await this.#changes(trx, desire);
      const now = this.#parts.clock.now();
      await writeChanges(trx, changes, { tenant: desire, past, now });
      const keys = conditions.map(({ dedupKey }) => dedupKey);
      await noteTrue(trx, tenantId, keys, now);
    });
  }

  async #changes(trx: Db, desire: TenantDesire): Promise<Folded> {
    const { tenantId, conditions, complete } = desire;
    const rows = await heldRows(this.#parts.store, trx, tenantId);
    const rules = this.#rules(tenantId);
    const keys = conditions.map(({ dedupKey }) => dedupKey);
    const past = await pastOf(trx, tenantId, keys, rules.now);
    const held = Map.groupBy(rows, (row) => row.dedup_key);
    const begun = conditions.flatMap((condition) => {
      const { cleared } = past(condition.dedupKey);
      return whileTrue({ rows: held.get(condition.dedupKey) ?? [], cleared }, condition, rules);
    });
    const isTrue = new Set(keys);
    const isOver = (row: AlertRow) => !isTrue.has(row.dedup_key) && complete.has(readAlertBody(row.body).source);
    return { rows, past, changes: [...begun, ...rows.filter(isOver).flatMap((row) => whileFalse(row, rules))] };
  }

  #rules(tenantId: string): MachineRules {
    const { clock, app, alertSource, reRaiseAfterMs, manifest } = this.#parts;
    const bodyOf = (condition: Condition, openedMs: number, flapping: boolean): AlertBody => ({
      source: condition.source,
      draft: alertDraft(flapping ? flappingCondition(condition) : condition, { app, tenantId, source: alertSource, openedMs }),
      ...(flapping && { flapping }),
      ...(manifest !== undefined && { manifest }),
    });
    return { now: clock.now(), reRaiseAfterMs, manifest, bodyOf };
  }

  async #raiseDue(tenantId: string, task: AlertTask): Promise<void> {
    await eachAlert(await this.#due(tenantId, 'raising'), task, async (row) => {
      const outcome = await this.#raise.raise(row, task);
      if (outcome === 'raised' || outcome === 'blocked') task.tally.add(outcome);
      if (outcome === 'found') task.tally.add('adopted');
    });
  }

  async #closeDue(tenantId: string, task: AlertTask): Promise<unknown> {
    return await eachAlert(await this.#due(tenantId, 'closing'), task, async (row) => {
      const outcome = await dismissAlert(this.#parts, row, task);
      if (outcome !== 'none') task.tally.add(outcome);
    });
  }

  /** What has not failed yet before what has, the worst first. */
  async #due(tenantId: string, state: 'raising' | 'closing'): Promise<readonly AlertRow[]> {
    const { store } = this.#parts;
    const rows = await store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_alerts')
      .selectAll()
      .where('acronis_tenant_id', '=', tenantId)
      .where('state', '=', state)
      .where('next_attempt_ms', '<=', this.#parts.clock.now())
      .orderBy('source_stamp')
      .execute();
    return rows.toSorted((one, other) => one.attempts - other.attempts || RANK[one.severity] - RANK[other.severity]);
  }

  /** Nothing of this tenant is wanted any more. */
  async #abandon(tenant: LeftTenant): Promise<void> {
    const { store } = this.#parts;
    await store.transaction<CyberappTables, void>(async (trx) => {
      const now = this.#parts.clock.now();
      const rows = await heldRows(store, trx, tenant.tenantId);
      const changes = rows.flatMap((row) => whenLeft(row, now));
      await writeChanges(trx, changes, { tenant, past: () => ({ lastEpisode: 0, cleared: 0 }), now });
    });
  }

  async #remove({ tenantId }: LeftTenant, states?: readonly AlertRow['state'][]): Promise<number> {
    return await this.#parts.store.transaction<CyberappTables, number>(async (trx) => {
      const all = trx.deleteFrom('cyberapp_alerts').where('acronis_tenant_id', '=', tenantId);
      const { numDeletedRows } = await (states === undefined ? all : all.where('state', 'in', states)).executeTakeFirst();
      return Number(numDeletedRows);
    });
  }
}

interface Folded {
  readonly rows: readonly AlertRow[];
  readonly past: Awaited<ReturnType<typeof pastOf>>;
  readonly changes: readonly AlertChange[];
}

const RANK: Readonly<Record<AlertRow['severity'], number>> = { critical: 0, error: 1, warning: 2 };
