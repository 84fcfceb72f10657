import { indexKey, toBody } from './body.ts';
import type { IndexWrite, StorageChange, StoredWrite } from './object-storage.ts';
import { giveBack, lockOids, runsOf, takeRun } from './sql-oids.ts';
import type { CodbTables, CodbTransaction } from './tables.ts';

/** Rows of one statement; each has at most four values. */
const CHUNK = 200;

/** The change cannot be made, because of this object; thrown inside the store transaction, which then leaves nothing. */
export class CommitConflict extends Error {
  readonly oid: number;

  constructor(oid: number) {
    super(`Conflict at object ${oid}`);
    this.oid = oid;
  }
}

export interface CommitParts {
  readonly holder: string;
  readonly isUniqueViolation: (error: unknown) => boolean;
}

/** Writes all of a change; answers its version. Throws `CommitConflict`. */
export async function writeChange(trx: CodbTransaction, change: StorageChange, parts: CommitParts): Promise<number> {
  // One commit after the other from here on: versions grow in the order of commits.
  const version = await nextVersion(trx);
  const freed = change.removals.map(({ oid }) => oid);
  const created = change.writes.filter(({ seen }) => seen === undefined);
  if (freed.length > 0 || created.length > 0) await lockOids(trx);
  for (const chunk of chunksOf(change.removals)) await remove(trx, chunk);
  await claim(trx, created, parts.holder);
  // Old rows of the index go first, so that a value can move from one object to another.
  const changed = change.writes.filter(({ seen }) => seen !== undefined);
  for (const chunk of chunksOf(changed)) await dropIndex(trx, chunk);
  for (const write of changed) await replace(trx, rowOf(write, version), write.seen ?? 0);
  for (const chunk of chunksOf(created))
    await trx
      .insertInto('codb_objects')
      .values(chunk.map((write) => rowOf(write, version)))
      .execute();
  await putIndex(trx, change.writes, parts);
  await giveBack(trx, freed);
  return version;
}

/** Puts other rows of the index in the place of those that there are; answers a version that no object has. Throws `CommitConflict`. */
export async function rewriteIndex(trx: CodbTransaction, objects: readonly IndexWrite[], parts: CommitParts): Promise<number> {
  // From here on nobody commits meanwhile.
  const version = await nextVersion(trx);
  for (const chunk of chunksOf(objects)) {
    await refuseStale(trx, chunk);
    await dropIndex(trx, chunk);
  }
  await putIndex(trx, objects, parts);
  return version;
}

async function nextVersion(trx: CodbTransaction): Promise<number> {
  const row = await trx
    .updateTable('codb_counters')
    .set((where) => ({ value: where('value', '+', 1) }))
    .where('name', '=', 'version')
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

async function remove(trx: CodbTransaction, removals: readonly Seen[]): Promise<void> {
  await refuseStale(trx, removals);
  const oids = removals.map(({ oid }) => oid);
  await trx.deleteFrom('codb_objects').where('oid', 'in', oids).execute();
  await dropIndex(trx, removals);
}

interface Seen {
  readonly oid: number;
  readonly seen: number;
}

async function refuseStale(trx: CodbTransaction, objects: readonly Seen[]): Promise<void> {
  const oids = objects.map(({ oid }) => oid);
  const found = await trx.selectFrom('codb_objects').select(['oid', 'version']).where('oid', 'in', oids).execute();
  const versions = new Map(found.map(({ oid, version }) => [oid, version]));
  const stale = objects.find(({ oid, seen }) => versions.get(oid) !== seen);
  if (stale) throw new CommitConflict(stale.oid);
}

async function dropIndex(trx: CodbTransaction, objects: readonly { readonly oid: number }[]): Promise<void> {
  const oids = objects.map(({ oid }) => oid);
  await trx.deleteFrom('codb_index').where('oid', 'in', oids).execute();
}

/** A new OID is one that this gateway reserved, or one that is free (a forced one, or a reservation that ended too early). */
async function claim(trx: CodbTransaction, created: readonly StoredWrite[], holder: string): Promise<void> {
  const missing = new Set(created.map(({ oid }) => oid));
  for (const chunk of chunksOf([...missing])) {
    const reserved = await trx
      .deleteFrom('codb_reserved')
      .where('oid', 'in', chunk)
      .where('holder', '=', holder)
      .returning('oid')
      .execute();
    for (const { oid } of reserved) missing.delete(oid);
  }
  for (const { first, last } of runsOf([...missing])) {
    const taken = await takeRun(trx, first, last);
    if (taken !== undefined) throw new CommitConflict(taken);
  }
}

function rowOf(write: StoredWrite, version: number): CodbTables['codb_objects'] {
  return { oid: write.oid, class: write.class, version, body: toBody(write.values) };
}

async function putIndex(trx: CodbTransaction, writes: readonly Omit<IndexWrite, 'seen'>[], parts: CommitParts): Promise<void> {
  const rows = writes.flatMap((write) => {
    const keys = new Map(write.index.map((entry) => [indexKey(write.class, entry), entry.unique]));
    return [...keys].map(([key, unique]) => ({ key, oid: write.oid, unique_key: unique ? key : null }));
  });
  await refuseTaken(trx, rows);
  try {
    for (const chunk of chunksOf(rows)) await trx.insertInto('codb_index').values(chunk).execute();
  } catch (error) {
    // Another gateway was faster since the look: one of these it is.
    const suspect = rows.find(({ unique_key }) => unique_key !== null);
    if (suspect && parts.isUniqueViolation(error)) throw new CommitConflict(suspect.oid);
    throw error;
  }
}

/** Looks before the insert: a refusal by the key itself would not tell which object it is. */
async function refuseTaken(trx: CodbTransaction, rows: readonly CodbTables['codb_index'][]): Promise<void> {
  const owners = new Map<string, number>();
  for (const { unique_key, oid } of rows) {
    if (unique_key === null) continue;
    if (owners.has(unique_key)) throw new CommitConflict(oid);
    owners.set(unique_key, oid);
  }
  for (const chunk of chunksOf([...owners.keys()])) {
    const taken = await trx.selectFrom('codb_index').select('unique_key').where('unique_key', 'in', chunk).limit(1).executeTakeFirst();
    if (taken) throw new CommitConflict(owners.get(taken.unique_key ?? '') ?? 0);
  }
}

function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_none, at) => items.slice(at * CHUNK, (at + 1) * CHUNK));
}

async function replace(
  trx: CodbTransaction,
  row: { readonly oid: number; readonly version: number; readonly body: string },
  seen: number,
): Promise<void> {
  const changed = await trx
    .updateTable('codb_objects')
    .set({ version: row.version, body: row.body })
    .where('oid', '=', row.oid)
    .where('version', '=', seen)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw new CommitConflict(row.oid);
}
