import type { TenantDesire } from '../../map/types.ts';
import type { PushCounts } from './counts.ts';
import type { PlannedOperation } from './plan.ts';
import type { PushClient } from './push-client.ts';

/** A tenant that is no longer ours to show things in: unmapped, mapped anew elsewhere, or its partner left (cyberapp 4.10). */
export interface LeftTenant {
  readonly tenantId: string;
  readonly organizationId: string;
  readonly datacenterId: string;
}

/**
 * What a run does with alerts (cyberapp 5.6), one tenant at a time and never two steps of a tenant at once.
 *
 * Rules for all steps that call Acronis: the row with its in-flight mark is committed before the call; nothing is sent once `signal` is
 * aborted (its reason is thrown). What concerns one alert alone (refused: `blocked`; gone) is written to its row and counted. Any other
 * failure is written to the row as well (attempts, time of the next one); when it tells of the tenant or the data center, or is the
 * fifth in a row, it is then thrown, so that the run counts it against the tenant, pauses it, or ends. Else it is counted, and the
 * other alerts go on. `leave` throws for each: the tenant is not left yet.
 */
export interface AlertSteps {
  /** Conditions become alerts, after the workloads of this run are created and updated. Nothing unless `desire.push.alerts`. */
  raise(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts>;
  /** What is over is dismissed: only for sources that `desire.complete` names. Nothing unless `desire.push.alerts`. */
  close(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts>;
  /** Compares with what Acronis lists; called at most every `reconcile_interval` for a tenant, before `raise`. */
  reconcile(desire: TenantDesire, client: PushClient, signal: AbortSignal): Promise<PushCounts>;
  /** Dismisses all alerts of a tenant at once, whatever their hold times, and then removes their rows. */
  leave(tenant: LeftTenant, client: PushClient, signal: AbortSignal): Promise<PushCounts>;
  /** Removes all rows of a tenant without a call. */
  drop(tenant: LeftTenant): Promise<PushCounts>;
  /** What `raise` and `close` would do now; for dry runs: calls nothing and writes nothing. */
  plan(desire: TenantDesire): Promise<readonly PlannedOperation[]>;
}
