import type { TenantDesire } from '../../map/types.ts';
import type { AlertRow } from '../../store/tables.ts';
import type { AlertChange } from './alert-machine.ts';
import type { PlannedOperation } from './plan.ts';

type Planned = Pick<PlannedOperation, 'op' | 'key' | 'reason'>;

/** What would be sent, given the rows as they are and what is about to change of them. */
export function planAlerts(
  { organizationId, tenantId, datacenterId }: TenantDesire,
  rows: readonly AlertRow[],
  changes: readonly AlertChange[],
): readonly PlannedOperation[] {
  const after = new Map(rows.map((row) => [row, row]));
  for (const change of changes) {
    if (change.op === 'drop') after.delete(change.row);
    if (change.op === 'set') after.set(change.row, { ...change.row, ...change.values });
  }
  const begun = changes.flatMap((change): Planned[] => (change.op === 'begin' ? begins(change) : []));
  return [...[...after.values()].flatMap(due), ...begun].map((planned) => ({
    org: organizationId,
    tenant: tenantId,
    dc: datacenterId,
    kind: 'alert',
    changes: [],
    ...planned,
  }));
}

function begins({ condition, values }: AlertChange & { readonly op: 'begin' }): Planned[] {
  return values.state === 'raising' ? [{ op: 'raise', key: condition.dedupKey, reason: condition.title }] : [];
}

function due({ state, inflight_op: inflight, dedup_key: key }: AlertRow): Planned[] {
  if (state === 'closing') return [{ op: 'close', key, reason: 'it is over' }];
  if (state !== 'raising') return [];
  return inflight === null
    ? [{ op: 'raise', key, reason: 'it was not sent yet' }]
    : [{ op: 'look_up', key, reason: 'it may have been sent' }];
}
