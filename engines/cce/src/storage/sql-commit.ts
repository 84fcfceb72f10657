import { indexKey, toBody } from './body.ts';
import type { StorageChange, StoredWrite } from './object-storage.ts';
import { giveBack, lockOids, takeExactly } from './sql-oids.ts';
import type { CodbTransaction } from './tables.ts';

/** Rows of one insert; each has three values. */
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
  for (const removal of change.removals) await remove(trx, removal);
  for (const { oid } of created) await claim(trx, oid, parts.holder);
  // Old rows of the index go first, so that a value can move from one object to another.
  for (const { oid } of change.writes) await trx.deleteFrom('codb_index').where('oid', '=', oid).execute();
  for (const write of change.writes) await put(trx, write, version, parts);
  await giveBack(trx, freed);
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

async function remove(trx: CodbTransaction, { oid, seen }: { readonly oid: number; readonly seen: number }): Promise<void> {
  const gone = await trx.deleteFrom('codb_objects').where('oid', '=', oid).where('version', '=', seen).executeTakeFirst();
  if (gone.numDeletedRows === 0n) throw new CommitConflict(oid);
  await trx.deleteFrom('codb_index').where('oid', '=', oid).execute();
}

/** A new OID is one that this gateway reserved, or one that is free (a forced one, or a reservation that ended too early). */
async function claim(trx: CodbTransaction, oid: number, holder: string): Promise<void> {
  const mine = await trx.deleteFrom('codb_reserved').where('oid', '=', oid).where('holder', '=', holder).executeTakeFirst();
  if (mine.numDeletedRows > 0n) return;
  if (!(await takeExactly(trx, oid))) throw new CommitConflict(oid);
}

async function put(trx: CodbTransaction, write: StoredWrite, version: number, parts: CommitParts): Promise<void> {
  const row = { oid: write.oid, class: write.class, version, body: toBody(write.values) };
  if (write.seen === undefined) await trx.insertInto('codb_objects').values(row).execute();
  else await replace(trx, row, write.seen);
  const keys = new Map(write.index.map((entry) => [indexKey(write.class, entry), entry.unique]));
  const rows = [...keys].map(([key, unique]) => ({ key, oid: write.oid, unique_key: unique ? key : null }));
  try {
    for (let at = 0; at < rows.length; at += CHUNK)
      await trx
        .insertInto('codb_index')
        .values(rows.slice(at, at + CHUNK))
        .execute();
  } catch (error) {
    if (parts.isUniqueViolation(error)) throw new CommitConflict(write.oid);
    throw error;
  }
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
