import type { Store } from '@fairlead/kernel/store';
import type { TenantDesire } from '../../map/types.ts';
import type { TargetRow } from '../../store/tables.ts';
import type { LeftTenant } from './alert-steps.ts';
import { mappedTenants } from './mapped.ts';
import { WHOLE_DATACENTER } from './targets.ts';

/** One tenant's part of a run. */
export type TenantWork =
  | { readonly kind: 'push'; readonly desire: TenantDesire; readonly target: TargetRow | undefined }
  | { readonly kind: 'leave'; readonly left: LeftTenant; readonly target: TargetRow };

export interface Queue {
  readonly work: readonly TenantWork[];
  /** Tenants that are paused, or that Acronis has disabled or removed. */
  readonly skipped: number;
}

export interface QueueInput {
  readonly store: Store;
  readonly datacenterId: string;
  readonly desires: readonly TenantDesire[];
  readonly targets: ReadonlyMap<string, TargetRow>;
  /** Only this one; tenants that were left are then no matter. */
  readonly organizationId?: string | undefined;
  /** Leave out those that are paused. Default true. */
  readonly heedPauses?: boolean;
}

/** What a run has to do in a data center, without what has to wait (cyberapp 4.9, step 2). */
export async function queueOf(input: QueueInput): Promise<Queue> {
  const { store, datacenterId, desires, targets, organizationId, heedPauses = true } = input;
  const now = store.clock.now();
  const mapped = await mappedTenants(store, datacenterId);
  const isPaused = (target: TargetRow | undefined) => heedPauses && target !== undefined && target.next_attempt_ms > now;
  const isShut = (tenantId: string) => ['disabled', 'gone'].includes(mapped.get(tenantId)?.tenantState ?? '');
  const all: TenantWork[] = [];
  for (const desire of desires) {
    const isHere = desire.datacenterId === datacenterId && mapped.has(desire.tenantId);
    if (isHere && (organizationId === undefined || organizationId === desire.organizationId))
      all.push({ kind: 'push', desire, target: targets.get(desire.tenantId) });
  }
  for (const target of organizationId === undefined ? targets.values() : []) {
    const tenantId = target.acronis_tenant_id;
    if (tenantId === WHOLE_DATACENTER || mapped.has(tenantId)) continue;
    all.push({ kind: 'leave', left: { tenantId, organizationId: target.organization_id, datacenterId }, target });
  }
  const work = all.filter((one) => !isPaused(one.target) && !(one.kind === 'push' && isShut(one.desire.tenantId)));
  return { work, skipped: all.length - work.length };
}
