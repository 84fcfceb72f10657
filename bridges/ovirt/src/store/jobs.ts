import type { OvirtStore } from './ovirt-store.ts';
import type { JobRow } from './write-tables.ts';

export async function insertJob(store: OvirtStore, row: JobRow): Promise<void> {
  await store.tables.insertInto('ovirt_jobs').values(row).execute();
}

/** By our own id or by CloudStack's. */
export async function findJob(store: OvirtStore, id: string): Promise<JobRow | undefined> {
  return await store.tables
    .selectFrom('ovirt_jobs')
    .selectAll()
    .where((where) => where.or([where('id', '=', id), where('cs_job_id', '=', id)]))
    .executeTakeFirst();
}

export async function listJobs(store: OvirtStore, subject: string | undefined): Promise<JobRow[]> {
  const all = store.tables.selectFrom('ovirt_jobs').selectAll().orderBy('started_ms').orderBy('id');
  return await (subject === undefined ? all : all.where('subject', '=', subject)).execute();
}

/** Started ones whose gateway has stopped answering for them. */
export async function abandonedJobs(store: OvirtStore, nowMs: number): Promise<JobRow[]> {
  return await store.tables.selectFrom('ovirt_jobs').selectAll().where('status', '=', 'started').where('lease_ms', '<', nowMs).execute();
}

export async function claimJob(store: OvirtStore, id: string, claim: { holder: string; nowMs: number; leaseMs: number }): Promise<boolean> {
  const result = await store.tables
    .updateTable('ovirt_jobs')
    .set({ holder: claim.holder, lease_ms: claim.leaseMs })
    .where('id', '=', id)
    .where('status', '=', 'started')
    .where('lease_ms', '<', claim.nowMs)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Nobody follows it any more. False when there is nothing to follow: CloudStack has not taken a job. */
export async function abandonJob(store: OvirtStore, id: string, nowMs: number): Promise<boolean> {
  const result = await store.tables
    .updateTable('ovirt_jobs')
    .set({ holder: '', lease_ms: nowMs - 1, updated_ms: nowMs })
    .where('id', '=', id)
    .where('cs_job_id', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function updateJob(store: OvirtStore, id: string, change: Partial<Omit<JobRow, 'id'>>): Promise<void> {
  await store.tables.updateTable('ovirt_jobs').set(change).where('id', '=', id).execute();
}

export async function purgeJobs(store: OvirtStore, endedBeforeMs: number): Promise<void> {
  await store.tables.deleteFrom('ovirt_jobs').where('ended_ms', '<', endedBeforeMs).execute();
}
