import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables } from '../../store/tables.ts';

/** The first time at which a row of a data center that waits may be tried again; undefined when none waits. Milliseconds since 1970. */
export async function nextDue(store: Store, datacenterId: string): Promise<number | undefined> {
  const db = store.tables<CyberappTables>();
  const now = store.clock.now();
  const workloads = await db
    .selectFrom('cyberapp_workloads')
    .select((get) => get.fn.min('next_attempt_ms').as('due'))
    .where('state', 'in', ['new', 'creating', 'live', 'leaving'])
    .where('next_attempt_ms', '>', now)
    .where('datacenter_id', '=', datacenterId)
    .executeTakeFirst();
  const alerts = await db
    .selectFrom('cyberapp_alerts')
    .select((get) => get.fn.min('next_attempt_ms').as('due'))
    .where('state', 'in', ['pending', 'raising', 'open', 'closing'])
    .where('next_attempt_ms', '>', now)
    .where('datacenter_id', '=', datacenterId)
    .executeTakeFirst();
  const targets = await db
    .selectFrom('cyberapp_targets')
    .select((get) => get.fn.min('next_attempt_ms').as('due'))
    .where('next_attempt_ms', '>', now)
    .where('datacenter_id', '=', datacenterId)
    .executeTakeFirst();
  const due = [workloads, alerts, targets].flatMap((row) => (row?.due === null || row?.due === undefined ? [] : [Number(row.due)]));
  return due.length === 0 ? undefined : Math.min(...due);
}
