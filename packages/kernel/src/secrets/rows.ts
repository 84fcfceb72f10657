import { type Kysely, sql } from 'kysely';
import type { Store } from '../store/index.ts';
import type { DigestColumn, SealedColumn } from './sealed.ts';
import type { Secrets } from './secrets.ts';

/** Columns of the kernel's own tables. */
export const kernelSealed: readonly SealedColumn[] = [
  { table: 'kernel_sessions', id: 'digest', column: 'data', purpose: { prefix: 'session:', column: 'face' } },
];
export const kernelDigests: readonly DigestColumn[] = [{ table: 'kernel_sessions', column: 'digest', created: 'created_ms' }];

type AnyTables = Record<string, Record<string, string | number | null>>;

const BATCH = 100;
/** A sealed text is `v1.<8 digits>.<body>`. */
const KEY_AT = 4;
const KEY_LENGTH = 8;

export interface ResealReport {
  readonly resealed: number;
  /** Sealed under a secret that is not known here: left as they are. */
  readonly unreadable: number;
}

/**
 * Seals anew, under the current secret, what stands under a former one, row after row: it may be ended at any moment and goes on
 * where it was, and a row that somebody else changes meanwhile keeps that change.
 */
export async function resealRows(
  columns: readonly SealedColumn[],
  { store, secrets, signal }: { readonly store: Store; readonly secrets: Secrets; readonly signal: AbortSignal },
): Promise<ResealReport> {
  const report = { resealed: 0, unreadable: 0 };
  for (const column of columns) {
    let after = '';
    for (;;) {
      signal.throwIfAborted();
      const batch = await formerRows(store, column, { keyId: secrets.keyId, after });
      for (const row of batch) {
        signal.throwIfAborted();
        const anew = sealedAnew(secrets, row);
        if (anew === undefined) report.unreadable += 1;
        else if (await replace(store, column, row, anew)) report.resealed += 1;
      }
      const last = batch.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
  }
  return report;
}

interface FormerRow {
  readonly id: string;
  readonly sealed: string;
  readonly purpose: string;
}

async function formerRows(
  store: Store,
  { table, id, column, purpose }: SealedColumn,
  { keyId, after }: { readonly keyId: string; readonly after: string },
): Promise<readonly FormerRow[]> {
  const beside = typeof purpose === 'string' ? [] : [purpose.column];
  const rows = await anyTables(store)
    .selectFrom(table)
    .select([id, column, ...beside])
    .where(column, 'is not', null)
    .where(column, 'not like', `v1.${keyId}.%`)
    .where(id, '>', after)
    .orderBy(id)
    .limit(BATCH)
    .execute();
  return rows.map((row) => ({
    id: String(row[id]),
    sealed: String(row[column]),
    purpose: typeof purpose === 'string' ? purpose : `${purpose.prefix}${row[purpose.column]}`,
  }));
}

function sealedAnew(secrets: Secrets, { purpose, sealed }: FormerRow): string | undefined {
  try {
    return secrets.seal(purpose, secrets.open(purpose, sealed));
  } catch {
    // Its secret is gone, or somebody changed the row by hand; the count says so.
    return undefined;
  }
}

async function replace(store: Store, { table, id, column }: SealedColumn, row: FormerRow, anew: string): Promise<boolean> {
  const changed = await anyTables(store)
    .updateTable(table)
    .set({ [column]: anew })
    .where(id, '=', row.id)
    .where(column, '=', row.sealed)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** How many sealed values stand under which key id. */
export async function countSealed(store: Store, columns: readonly SealedColumn[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, column } of columns) {
    // Written out, not as parameters: PostgreSQL must see that it is the same in both places.
    const keyId = sql<string>`substr(${sql.ref(column)}, ${sql.lit(KEY_AT)}, ${sql.lit(KEY_LENGTH)})`;
    const rows = await anyTables(store)
      .selectFrom(table)
      .select((get) => [keyId.as('key_id'), get.fn.countAll<number>().as('rows')])
      .where(column, 'is not', null)
      .groupBy(keyId)
      .execute();
    for (const row of rows) counts.set(String(row.key_id), (counts.get(String(row.key_id)) ?? 0) + Number(row.rows));
  }
  return counts;
}

/** How many rows with digests were made before a time. */
export async function countDigests(store: Store, columns: readonly DigestColumn[], beforeMs: number): Promise<number> {
  let count = 0;
  for (const { table, column, created } of columns) {
    const row = await anyTables(store)
      .selectFrom(table)
      .select((get) => get.fn.countAll<number>().as('rows'))
      .where(column, 'is not', null)
      .where(created, '<', beforeMs)
      .executeTakeFirst();
    count += Number(row?.rows ?? 0);
  }
  return count;
}

/** Tables are named by their owners' declarations, so the compiler knows nothing of their columns. */
function anyTables(store: Store): Kysely<AnyTables> {
  return store.tables<AnyTables>();
}
