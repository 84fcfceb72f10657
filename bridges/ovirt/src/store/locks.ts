import type { OvirtStore } from './ovirt-store.ts';
import type { LockRow } from './write-tables.ts';

/** Takes a lock that is free, or whose holder has let its lease run out. False when somebody has it. */
export async function takeLock(store: OvirtStore, row: LockRow): Promise<boolean> {
  const taken = await store.tables
    .insertInto('ovirt_locks')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('resource')
        .doUpdateSet({ ref: row.ref, purpose: row.purpose, holder: row.holder, taken_ms: row.taken_ms, lease_ms: row.lease_ms })
        .where('ovirt_locks.lease_ms', '<', row.taken_ms),
    )
    .returning('resource')
    .executeTakeFirst();
  return taken !== undefined;
}

export async function findLock(store: OvirtStore, resource: string): Promise<LockRow | undefined> {
  return await store.tables.selectFrom('ovirt_locks').selectAll().where('resource', '=', resource).executeTakeFirst();
}

/** Only the one who took it can give it back. */
export async function releaseLock(store: OvirtStore, resource: string, ref: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_locks').where('resource', '=', resource).where('ref', '=', ref).execute();
}

/** Lets everything go that a backup or transfer holds. */
export async function releaseAllOf(store: OvirtStore, ref: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_locks').where('ref', '=', ref).execute();
}

/** From now on only its end frees it: nobody takes it over when the holder dies. False when somebody else has it by now. */
export async function keepLock(store: OvirtStore, resource: string, ref: string): Promise<boolean> {
  const result = await store.tables
    .updateTable('ovirt_locks')
    .set({ lease_ms: null })
    .where('resource', '=', resource)
    .where('ref', '=', ref)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Running gateways, or such as ran once, that hold leases or follow jobs. */
export async function holdersOfLeases(store: OvirtStore): Promise<readonly string[]> {
  const locks = await store.tables.selectFrom('ovirt_locks').select('holder').distinct().where('lease_ms', 'is not', null).execute();
  const jobs = await store.tables.selectFrom('ovirt_jobs').select('holder').distinct().where('status', '=', 'started').execute();
  return [...new Set([...locks, ...jobs].map((row) => row.holder))].filter((holder) => holder !== '');
}

/** That gateway is gone: nobody waits for its leases to end. */
export async function endLeasesOf(store: OvirtStore, holder: string, endMs: number): Promise<void> {
  const { tables } = store;
  await tables.updateTable('ovirt_locks').set({ lease_ms: endMs }).where('holder', '=', holder).where('lease_ms', 'is not', null).execute();
  await tables
    .updateTable('ovirt_jobs')
    .set({ lease_ms: endMs, holder: '' })
    .where('holder', '=', holder)
    .where('status', '=', 'started')
    .execute();
}

/**
 * Frees what an ended backup or transfer has not let go of, because the gateway was killed between the two steps, and forgets leases that ended
 * without being given back.
 */
export async function sweepLocks(store: OvirtStore, nowMs: number): Promise<void> {
  await store.tables.deleteFrom('ovirt_locks').where('lease_ms', '<', nowMs).execute();
  await store.tables
    .deleteFrom('ovirt_locks')
    .where('lease_ms', 'is', null)
    .where('ref', 'not in', (query) => query.selectFrom('ovirt_backups').select('id').where('ended_ms', 'is', null))
    .where('ref', 'not in', (query) => query.selectFrom('ovirt_transfers').select('id').where('ended_ms', 'is', null))
    .execute();
}

/** Every lease of one running gateway is extended at once. */
export async function renewLeases(store: OvirtStore, holder: string, leaseMs: number): Promise<void> {
  await store.tables
    .updateTable('ovirt_locks')
    .set({ lease_ms: leaseMs })
    .where('holder', '=', holder)
    .where('lease_ms', 'is not', null)
    .execute();
  await store.tables
    .updateTable('ovirt_jobs')
    .set({ lease_ms: leaseMs })
    .where('holder', '=', holder)
    .where('status', '=', 'started')
    .execute();
}

/** The disks that a transfer holds, of all or of some. */
export async function lockedAmong(store: OvirtStore, resources: readonly string[], nowMs: number): Promise<ReadonlySet<string>> {
  if (resources.length === 0) return new Set();
  const rows = await store.tables
    .selectFrom('ovirt_locks')
    .select('resource')
    .where('resource', 'in', resources)
    .where((where) => where.or([where('lease_ms', 'is', null), where('lease_ms', '>=', nowMs)]))
    .execute();
  return new Set(rows.map((row) => row.resource));
}
