import type { OvirtStore } from './ovirt-store.ts';
import type { DiskRow } from './write-tables.ts';

export async function disksById(store: OvirtStore, ids: readonly string[]): Promise<ReadonlyMap<string, DiskRow>> {
  const rows: DiskRow[] = [];
  // SQLite and PostgreSQL bound the number of parameters of one statement.
  for (let at = 0; at < ids.length; at += 500) {
    const part = ids.slice(at, at + 500);
    rows.push(...(await store.tables.selectFrom('ovirt_disks').selectAll().where('id', 'in', part).execute()));
  }
  return new Map(rows.map((row) => [row.id, row]));
}

/** Sets what is known beside CloudStack, making the row when there is none. */
export async function keepDisk(store: OvirtStore, id: string, change: Partial<Omit<DiskRow, 'id'>>, nowMs: number): Promise<void> {
  const empty = { illegal: 0, reason: null, description: null, initial_size: null, creating: null, subject: '', created_ms: nowMs };
  await store.tables
    .insertInto('ovirt_disks')
    .values({ ...empty, ...change, id })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute();
}

export async function forgetDisk(store: OvirtStore, id: string): Promise<void> {
  await store.tables.deleteFrom('ovirt_disks').where('id', '=', id).execute();
}

/** Whatever that job was creating is created, or will never be. */
export async function disksCreatedBy(store: OvirtStore, jobId: string): Promise<DiskRow[]> {
  return await store.tables.selectFrom('ovirt_disks').selectAll().where('creating', '=', jobId).execute();
}

/** Jobs that make disks no more, but whose disks still wait for their end: a gateway was killed in between, or CloudStack was away. */
export async function disksOfEndedJobs(store: OvirtStore): Promise<readonly string[]> {
  const rows = await store.tables
    .selectFrom('ovirt_disks')
    .select('creating')
    .distinct()
    .where('creating', 'is not', null)
    .where('creating', 'not in', (query) => query.selectFrom('ovirt_jobs').select('id').where('status', '=', 'started'))
    .execute();
  return rows.map((row) => row.creating).filter((id) => id !== null);
}
