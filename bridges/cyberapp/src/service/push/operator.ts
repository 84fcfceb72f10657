import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, TargetRow } from '../../store/tables.ts';
import { retryAlerts } from './alert-retry.ts';
import { type PauseReason, WHOLE_DATACENTER } from './targets.ts';

/** What an operator speaks of: all of a data center, or one organization. */
export type PushScope = { readonly datacenterId: string } | { readonly organizationId: string };

/** So late that only an operator ends it; a number that both databases take. */
const NEVER_MS = 253_402_300_799_000;
const OPERATOR: PauseReason = 'operator';

/** Nothing is pushed there until `resumePush`; what is under way may end. Answers how many tenants or data centers that are. */
export async function pausePush(store: Store, scope: PushScope): Promise<number> {
  const targets = await targetsOf(store, scope);
  const set = { paused_reason: OPERATOR, next_attempt_ms: NEVER_MS };
  await store.transaction<CyberappTables, void>(async (trx) => {
    for (const target of targets)
      await trx
        .insertInto('cyberapp_targets')
        .values({ ...target, ...set, consecutive_failures: 0, last_ok_ms: null, last_error: null })
        .onConflict((conflict) => conflict.columns(['datacenter_id', 'acronis_tenant_id']).doUpdateSet(set))
        .execute();
  });
  return targets.length;
}

/** Ends a pause, whoever began it: the next run tries again. Answers how many pauses there were. */
export async function resumePush(store: Store, scope: PushScope): Promise<number> {
  return await store.transaction<CyberappTables, number>(async (trx) => {
    const all = trx.updateTable('cyberapp_targets').set({ paused_reason: null, next_attempt_ms: 0, consecutive_failures: 0 });
    const some =
      'datacenterId' in scope
        ? all.where('datacenter_id', '=', scope.datacenterId).where('acronis_tenant_id', '=', WHOLE_DATACENTER)
        : all.where('organization_id', '=', scope.organizationId);
    const { numUpdatedRows } = await some.where('next_attempt_ms', '>', store.clock.now()).executeTakeFirst();
    return Number(numUpdatedRows);
  });
}

export type RetryScope = { readonly organizationId: string } | { readonly itemKey: string };

export interface Retried {
  readonly tenants: number;
  readonly workloads: number;
  readonly alerts: number;
}

/** What was refused, or waits after failures, is tried again by the next run; what an operator has paused stays so. */
export async function retryPush(store: Store, scope: RetryScope): Promise<Retried> {
  const tenants = 'organizationId' in scope ? await retryTenants(store, scope.organizationId) : 0;
  return { tenants, workloads: await retryWorkloads(store, scope), alerts: await retryAlerts(store, scope) };
}

async function retryTenants(store: Store, organizationId: string): Promise<number> {
  const { numUpdatedRows } = await store
    .tables<CyberappTables>()
    .updateTable('cyberapp_targets')
    .set({ next_attempt_ms: 0, consecutive_failures: 0, paused_reason: null })
    .where('organization_id', '=', organizationId)
    .where('paused_reason', 'in', ['failures', 'forbidden'])
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

const FRESH = { attempts: 0, next_attempt_ms: 0, last_error: null } as const;

async function retryWorkloads(store: Store, scope: RetryScope): Promise<number> {
  const [column, value] =
    'itemKey' in scope ? (['item_key', scope.itemKey] as const) : (['organization_id', scope.organizationId] as const);
  return await store.transaction<CyberappTables, number>(async (trx) => {
    const blocked = trx.updateTable('cyberapp_workloads').where(column, '=', value).where('state', '=', 'blocked');
    const unknown = await blocked
      .where('workload_id', 'is', null)
      .set({ ...FRESH, state: 'new' })
      .executeTakeFirst();
    // What Acronis has is told anew as a whole: nobody knows which part of a change it refused.
    const known = await blocked
      .where('workload_id', 'is not', null)
      .set({ ...FRESH, state: 'live', sent_hash: null })
      .executeTakeFirst();
    const waiting = await trx
      .updateTable('cyberapp_workloads')
      .where(column, '=', value)
      .where('state', 'in', ['new', 'live', 'leaving'])
      .where('next_attempt_ms', '>', store.clock.now())
      // Of those that are sought, `attempts` counts listings.
      .where((get) => get.or([get('state', '!=', 'leaving'), get('workload_id', 'is not', null)]))
      .set(FRESH)
      .executeTakeFirst();
    return Number(unknown.numUpdatedRows + known.numUpdatedRows + waiting.numUpdatedRows);
  });
}

type Target = Pick<TargetRow, 'datacenter_id' | 'acronis_tenant_id' | 'organization_id'>;

async function targetsOf(store: Store, scope: PushScope): Promise<readonly Target[]> {
  if ('datacenterId' in scope) return [{ datacenter_id: scope.datacenterId, acronis_tenant_id: WHOLE_DATACENTER, organization_id: '' }];
  const db = store.tables<CyberappTables>();
  const columns = ['datacenter_id', 'acronis_tenant_id', 'organization_id'] as const;
  const { organizationId } = scope;
  const mapped = await db.selectFrom('cyberapp_mappings').select(columns).where('organization_id', '=', organizationId).execute();
  // Where something of it still leaves.
  const known = await db.selectFrom('cyberapp_targets').select(columns).where('organization_id', '=', organizationId).execute();
  return [...new Map([...known, ...mapped].map((one) => [`${one.datacenter_id} ${one.acronis_tenant_id}`, one])).values()];
}
