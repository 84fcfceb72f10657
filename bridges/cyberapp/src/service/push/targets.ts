import type { Store } from '@fairlead/kernel/store';
import type { ExpressionBuilder } from 'kysely';
import type { CyberappTables, TargetRow } from '../../store/tables.ts';
import { errorText, FORBIDDEN_PAUSE_MS, PAUSES_AFTER, targetPauseMs } from './backoff.ts';

/** Stands for the data center itself among its tenants. */
export const WHOLE_DATACENTER = '';

export type PauseReason = 'failures' | 'forbidden' | 'credentials rejected' | 'throttled' | 'unreachable' | 'delete_guard' | 'operator';

/** How the work for a tenant ended. */
export interface TargetOutcome {
  readonly failuresInRow: number;
  /** The failure it ended with, or the last that nothing good came after. */
  readonly error: unknown;
  readonly isForbidden: boolean;
  readonly isGuarded: boolean;
}

type Target = Pick<TargetRow, 'datacenter_id' | 'acronis_tenant_id' | 'organization_id'>;

/** Which tenants a data center was ever pushed to, and which are left alone for a while (cyberapp 4.11). */
export class Targets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** By tenant; the data center's own row is that of `WHOLE_DATACENTER`. */
  async load(datacenterId: string): Promise<Map<string, TargetRow>> {
    const rows = await this.#db().selectFrom('cyberapp_targets').selectAll().where('datacenter_id', '=', datacenterId).execute();
    return new Map(rows.map((row) => [row.acronis_tenant_id, row]));
  }

  /** Before the first thing is stored for a tenant, so that it is found again when its mapping is gone. */
  async begin(target: Target): Promise<void> {
    await this.#db()
      .insertInto('cyberapp_targets')
      .values({ ...target, ...NOTHING_YET })
      .onConflict((conflict) =>
        conflict.columns(['datacenter_id', 'acronis_tenant_id']).doUpdateSet({ organization_id: target.organization_id }),
      )
      .execute();
  }

  async end(target: Target, { failuresInRow, error, isForbidden, isGuarded }: TargetOutcome): Promise<void> {
    const now = this.#store.clock.now();
    const guard = isGuarded ? 'delete_guard' : null;
    if (error === undefined && failuresInRow === 0) {
      await this.#set(target, { consecutive_failures: 0, next_attempt_ms: 0, last_ok_ms: now, last_error: null, paused_reason: guard });
      return;
    }
    const pause = isForbidden ? FORBIDDEN_PAUSE_MS : targetPauseMs(failuresInRow);
    const reason = isForbidden ? 'forbidden' : 'failures';
    await this.#set(target, {
      consecutive_failures: failuresInRow,
      next_attempt_ms: pause === 0 ? 0 : now + pause,
      last_error: errorText(error),
      paused_reason: pause === 0 ? guard : reason,
    });
  }

  /** Leaves a whole data center alone; credentials that are rejected are tried after 15 minutes, then ever more rarely. */
  async pauseDatacenter(
    datacenterId: string,
    reason: PauseReason,
    { until, error }: { until?: number | undefined; error: unknown },
  ): Promise<void> {
    const target = { datacenter_id: datacenterId, acronis_tenant_id: WHOLE_DATACENTER, organization_id: '' };
    await this.begin(target);
    const failures = ((await this.load(datacenterId)).get(WHOLE_DATACENTER)?.consecutive_failures ?? 0) + 1;
    const next = until ?? this.#store.clock.now() + targetPauseMs(failures + PAUSES_AFTER - 1);
    await this.#set(target, { consecutive_failures: failures, next_attempt_ms: next, last_error: errorText(error), paused_reason: reason });
  }

  async forget(datacenterId: string, tenantId: string): Promise<void> {
    await this.#db()
      .deleteFrom('cyberapp_targets')
      .where('datacenter_id', '=', datacenterId)
      .where('acronis_tenant_id', '=', tenantId)
      .where(notByOperator)
      .execute();
  }

  async #set(target: Target, set: Partial<TargetRow>): Promise<void> {
    await this.#db()
      .updateTable('cyberapp_targets')
      .set(set)
      .where('datacenter_id', '=', target.datacenter_id)
      .where('acronis_tenant_id', '=', target.acronis_tenant_id)
      .where(notByOperator)
      .execute();
  }

  #db() {
    return this.#store.tables<CyberappTables>();
  }
}

/** A run that was under way when an operator paused its tenant does not end that pause. */
function notByOperator(where: ExpressionBuilder<CyberappTables, 'cyberapp_targets'>) {
  return where.or([where('paused_reason', 'is', null), where('paused_reason', '!=', 'operator')]);
}

const NOTHING_YET = { consecutive_failures: 0, next_attempt_ms: 0, last_ok_ms: null, last_error: null, paused_reason: null } as const;
