import type { Transaction } from 'kysely';
import { chunks } from './chunks.ts';
import type { OvirtStore, OvirtTables } from './ovirt-store.ts';
import type { FactSource, ItemFactRow } from './told-tables.ts';

/** A fact before it is known since when it is so. */
export type NewFact = Pick<ItemFactRow, 'id' | 'code' | 'value' | 'mark' | 'detail'>;

export interface Observation {
  readonly source: FactSource;
  /** Of the shelf that was looked at; undefined where there is none. */
  readonly version?: number;
  readonly now: number;
  /** At most one for each id and code. */
  readonly facts: readonly NewFact[];
}

export async function toldFacts(store: OvirtStore): Promise<readonly ItemFactRow[]> {
  const rows = await store.tables.selectFrom('ovirt_inventory_facts').selectAll().orderBy('source').orderBy('id').orderBy('code').execute();
  return rows.map((row) => ({ ...row, since_ms: Number(row.since_ms) }));
}

/**
 * Makes the facts of a source what was seen: what is so as before keeps its beginning, what is so no longer goes. Writes only
 * differences, and nothing when a later version of the shelf was looked at already.
 */
export function keepFacts(store: OvirtStore, seen: Observation): Promise<void> {
  return store.transaction(async (trx) => {
    if (seen.version !== undefined && !(await advance(trx, seen.source, seen.version))) return;
    const rows = await trx.selectFrom('ovirt_inventory_facts').selectAll().where('source', '=', seen.source).execute();
    const known = new Map(rows.map((row) => [keyOf(row), row]));
    const changed: ItemFactRow[] = [];
    for (const fact of seen.facts) {
      const before = known.get(keyOf(fact));
      known.delete(keyOf(fact));
      if (before?.value === fact.value && before.mark === fact.mark && before.detail === fact.detail) continue;
      changed.push({ ...fact, source: seen.source, since_ms: before?.mark === fact.mark ? Number(before.since_ms) : seen.now });
    }
    for (const chunk of chunks(changed)) await putFacts(trx, chunk);
    for (const chunk of chunks([...known.values()])) await removeFacts(trx, seen.source, chunk);
  });
}

/** False when somebody was here with this version or a later one. */
async function advance(trx: Transaction<OvirtTables>, source: FactSource, version: number): Promise<boolean> {
  await trx
    .insertInto('ovirt_inventory_marks')
    .values({ source, version: -1 })
    .onConflict((conflict) => conflict.column('source').doNothing())
    .execute();
  const moved = await trx
    .updateTable('ovirt_inventory_marks')
    .set({ version })
    .where('source', '=', source)
    .where('version', '<', version)
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

async function putFacts(trx: Transaction<OvirtTables>, rows: readonly ItemFactRow[]): Promise<void> {
  await trx
    .insertInto('ovirt_inventory_facts')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['source', 'id', 'code']).doUpdateSet((set) => ({
        value: set.ref('excluded.value'),
        mark: set.ref('excluded.mark'),
        detail: set.ref('excluded.detail'),
        since_ms: set.ref('excluded.since_ms'),
      })),
    )
    .execute();
}

/** A source has one code for each id or a few: those of an id go one by one. */
async function removeFacts(trx: Transaction<OvirtTables>, source: FactSource, gone: readonly ItemFactRow[]): Promise<void> {
  for (const [code, rows] of Map.groupBy(gone, (row) => row.code)) {
    const ids = rows.map((row) => row.id);
    await trx.deleteFrom('ovirt_inventory_facts').where('source', '=', source).where('code', '=', code).where('id', 'in', ids).execute();
  }
}

function keyOf({ id, code }: Pick<ItemFactRow, 'id' | 'code'>): string {
  return `${code} ${id}`;
}
