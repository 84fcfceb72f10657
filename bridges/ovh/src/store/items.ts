import type { Store } from '@fairlead/kernel/store';
import type { InventoryRecord } from '@fairlead/ovh/inventory';
import type { Transaction } from 'kysely';
import { putCheck } from './checks.ts';
import { chunks } from './chunks.ts';
import type { CheckRow, FactRow, ItemRow, OvhTables } from './tables.ts';

/** A fact before it is known since when it is so. */
export interface NewFact {
  readonly code: string;
  readonly value: string | number | boolean;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** What an account is found to run, and what is so. */
export interface Found {
  readonly records: readonly InventoryRecord[];
  readonly factsOf: (record: InventoryRecord) => readonly NewFact[];
}

/** Rows of the kept inventory. */
export class ItemRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async records(account: string): Promise<readonly InventoryRecord[]> {
    const rows = await this.#store.tables<OvhTables>().selectFrom('ovh_items').select('record').where('account', '=', account).execute();
    return rows.map((row) => JSON.parse(row.record) as InventoryRecord);
  }

  async items(accounts: readonly string[]): Promise<readonly ItemRow[]> {
    if (accounts.length === 0) return [];
    const query = this.#store.tables<OvhTables>().selectFrom('ovh_items').selectAll().where('account', 'in', accounts);
    return query.orderBy('account').orderBy('position').execute();
  }

  async facts(accounts: readonly string[]): Promise<readonly FactRow[]> {
    if (accounts.length === 0) return [];
    const query = this.#store.tables<OvhTables>().selectFrom('ovh_facts').selectAll().where('account', 'in', accounts);
    return query.orderBy('account').orderBy('item_key').orderBy('code').orderBy('value').execute();
  }

  async counts(): Promise<readonly { account: string; kind: string; rows: number }[]> {
    const rows = await this.#store
      .tables<OvhTables>()
      .selectFrom('ovh_items')
      .select((select) => ['account', 'kind', select.fn.countAll<number>().as('rows')])
      .groupBy(['account', 'kind'])
      .execute();
    return rows.map((row) => ({ ...row, rows: Number(row.rows) }));
  }

  /**
   * Makes an account what was found, all or nothing, so that a gateway that is killed leaves the former inventory or the new one.
   * False, and nothing is written, when a look that began later has ended already.
   */
  replace(check: CheckRow, found: Found): Promise<boolean> {
    return this.#store.transaction<OvhTables, boolean>(async (trx) => {
      if (!(await putCheck(trx, check))) return false;
      const keys = await keysOf(trx, found.records);
      const keyed = found.records.map((record, index) => ({ record, key: keys[index] ?? record.id }));
      await writeItems(trx, check.account, keyed);
      await writeFacts(trx, { account: check.account, now: check.ended_ms, keyed, found });
      return true;
    });
  }
}

interface Keyed {
  readonly record: InventoryRecord;
  readonly key: string;
}

/** The key that was chosen when a thing was first seen, else its id now, which is kept from then on. */
async function keysOf(trx: Transaction<OvhTables>, records: readonly InventoryRecord[]): Promise<readonly string[]> {
  const wanted = records.map(({ endpoint, kind, name, id }) => ({ endpoint, kind, name, item_key: id }));
  for (const chunk of chunks(wanted)) {
    await trx
      .insertInto('ovh_keys')
      .values([...chunk])
      .onConflict((conflict) => conflict.columns(['endpoint', 'kind', 'name']).doNothing())
      .execute();
  }
  const endpoints = [...new Set(wanted.map((one) => one.endpoint))];
  if (endpoints.length === 0) return [];
  const rows = await trx.selectFrom('ovh_keys').selectAll().where('endpoint', 'in', endpoints).execute();
  const known = new Map(rows.map((row) => [JSON.stringify([row.endpoint, row.kind, row.name]), row.item_key]));
  return wanted.map((one) => known.get(JSON.stringify([one.endpoint, one.kind, one.name])) ?? one.item_key);
}

async function writeItems(trx: Transaction<OvhTables>, account: string, keyed: readonly Keyed[]): Promise<void> {
  await trx.deleteFrom('ovh_items').where('account', '=', account).execute();
  const rows = keyed.map(({ record, key }, position) => ({
    ...{ account, position, item_key: key, kind: record.kind, name: record.name },
    record: JSON.stringify(record),
  }));
  for (const chunk of chunks(rows)) {
    await trx
      .insertInto('ovh_items')
      .values([...chunk])
      .execute();
  }
}

interface Facts {
  readonly account: string;
  readonly now: number;
  readonly keyed: readonly Keyed[];
  readonly found: Found;
}

/** What is so as before keeps its beginning; what is no longer so goes. */
async function writeFacts(trx: Transaction<OvhTables>, { account, now, keyed, found }: Facts): Promise<void> {
  const former = await trx.selectFrom('ovh_facts').selectAll().where('account', '=', account).execute();
  const since = new Map(former.map((row) => [markOf(row), row.since_ms]));
  const rows = new Map<string, FactRow>();
  for (const { record, key } of keyed) {
    for (const { code, value, detail } of found.factsOf(record)) {
      const fact = { account, item_key: key, code, value: JSON.stringify(value) };
      const mark = markOf(fact);
      rows.set(mark, { ...fact, detail: detail === undefined ? null : JSON.stringify(detail), since_ms: since.get(mark) ?? now });
    }
  }
  await trx.deleteFrom('ovh_facts').where('account', '=', account).execute();
  for (const chunk of chunks([...rows.values()])) {
    await trx
      .insertInto('ovh_facts')
      .values([...chunk])
      .execute();
  }
}

function markOf({ item_key, code, value }: Pick<FactRow, 'item_key' | 'code' | 'value'>): string {
  return JSON.stringify([item_key, code, value]);
}
