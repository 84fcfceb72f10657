import type { Store } from '@fairlead/kernel/store';
import type { Db } from '../../store/queries.ts';
import type { CyberappTables, WorkloadRow } from '../../store/tables.ts';
import type { Diff, RowChange } from './diff.ts';

/** Rows of workloads of one tenant, by key of their item. */
export type TenantRows = Map<string, WorkloadRow>;

/** A statement takes a limited number of values. */
const MOST_VALUES = 400;
const MOST_INSERTS = 40;

/** What is known of workloads at Acronis (cyberapp 3.3). Every method is one small transaction; none is held across a call. */
export class WorkloadRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(tenantId: string): Promise<TenantRows> {
    const rows = await this.#db().selectFrom('cyberapp_workloads').selectAll().where('acronis_tenant_id', '=', tenantId).execute();
    return new Map(rows.map((row) => [row.item_key, row]));
  }

  /** Stores what the comparison found, and makes `rows` the same. */
  async apply(tenantId: string, rows: TenantRows, diff: Diff): Promise<void> {
    const now = this.#store.clock.now();
    const changes = [...diff.missed, ...diff.changes, ...diff.leaving];
    await this.#store.transaction<CyberappTables, void>(async (trx) => {
      for (const part of chunks(diff.inserts, MOST_INSERTS))
        await trx
          .insertInto('cyberapp_workloads')
          .values(part)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      await setMany(trx, tenantId, { keys: diff.seen, set: seenAt(now) });
      for (const { key, set } of changes) await setMany(trx, tenantId, { keys: [key], set });
      await removeMany(trx, tenantId, diff.dropped);
    });
    mergeDiff(rows, diff, now);
  }

  /** Marks rows that are `new` as sent, before they are. Answers those that nobody else has taken meanwhile. */
  async beginCreate(tenantId: string, rows: TenantRows, keys: readonly string[]): Promise<readonly WorkloadRow[]> {
    const now = this.#store.clock.now();
    const set = { state: 'creating', inflight_op: 'create', inflight_since_ms: now, attempts: 0 } as const;
    const taken = await this.#store.transaction<CyberappTables, readonly { item_key: string }[]>((trx) =>
      trx
        .updateTable('cyberapp_workloads')
        .set((eb) => ({ ...set, sent_hash: eb.ref('content_hash') }))
        .where('acronis_tenant_id', '=', tenantId)
        .where('item_key', 'in', keys)
        .where('state', '=', 'new')
        .returning('item_key')
        .execute(),
    );
    const found = new Set(taken.map((row) => row.item_key));
    return keys.flatMap((key) => {
      const row = found.has(key) ? rows.get(key) : undefined;
      return row === undefined ? [] : [Object.assign(row, set, { sent_hash: row.content_hash })];
    });
  }

  /** Marks rows of this state as changed or removed, before they are. Answers those that are still so. */
  async begin(
    tenantId: string,
    rows: TenantRows,
    work: { readonly keys: readonly string[]; readonly op: 'update' | 'delete' },
  ): Promise<readonly WorkloadRow[]> {
    const set = { inflight_op: work.op, inflight_since_ms: this.#store.clock.now() } as const;
    const taken = await this.#store.transaction<CyberappTables, readonly { item_key: string }[]>((trx) =>
      trx
        .updateTable('cyberapp_workloads')
        .set(set)
        .where('acronis_tenant_id', '=', tenantId)
        .where('item_key', 'in', work.keys)
        .where('state', '=', work.op === 'update' ? 'live' : 'leaving')
        .returning('item_key')
        .execute(),
    );
    return taken.flatMap(({ item_key: key }) => {
      const row = rows.get(key);
      return row === undefined ? [] : [Object.assign(row, set)];
    });
  }

  /** Changes rows one way. */
  async set(
    tenantId: string,
    rows: TenantRows,
    { keys, set }: { readonly keys: readonly string[]; readonly set: Partial<WorkloadRow> },
  ): Promise<void> {
    if (keys.length === 0) return;
    await this.#store.transaction<CyberappTables, void>((trx) => setMany(trx, tenantId, { keys, set }));
    for (const key of keys) patch(rows, { key, set });
  }

  /** Changes each row its own way, all in one transaction. */
  async change(tenantId: string, rows: TenantRows, changes: readonly RowChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#store.transaction<CyberappTables, void>(async (trx) => {
      for (const { key, set } of changes) await setMany(trx, tenantId, { keys: [key], set });
    });
    for (const change of changes) patch(rows, change);
  }

  async remove(tenantId: string, rows: TenantRows, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#store.transaction<CyberappTables, void>((trx) => removeMany(trx, tenantId, keys));
    for (const key of keys) rows.delete(key);
  }

  /** Forgets a tenant. Answers how many rows it had. */
  async drop(tenantId: string): Promise<number> {
    const result = await this.#db().deleteFrom('cyberapp_workloads').where('acronis_tenant_id', '=', tenantId).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  #db() {
    return this.#store.tables<CyberappTables>();
  }
}

/** Makes rows in memory what the comparison says. */
export function mergeDiff(rows: TenantRows, diff: Diff, now: number): void {
  for (const row of diff.inserts) rows.set(row.item_key, { ...row });
  for (const key of diff.seen) patch(rows, { key, set: seenAt(now) });
  for (const change of [...diff.missed, ...diff.changes, ...diff.leaving]) patch(rows, change);
  for (const key of diff.dropped) rows.delete(key);
}

function seenAt(now: number) {
  return { last_seen_ms: now, missing_since_ms: null, missing_runs: 0 } as const;
}

async function setMany(trx: Db, tenantId: string, { keys, set }: { keys: readonly string[]; set: Partial<WorkloadRow> }): Promise<void> {
  for (const part of chunks(keys, MOST_VALUES))
    await trx.updateTable('cyberapp_workloads').set(set).where('acronis_tenant_id', '=', tenantId).where('item_key', 'in', part).execute();
}

async function removeMany(trx: Db, tenantId: string, keys: readonly string[]): Promise<void> {
  for (const part of chunks(keys, MOST_VALUES))
    await trx.deleteFrom('cyberapp_workloads').where('acronis_tenant_id', '=', tenantId).where('item_key', 'in', part).execute();
}

function patch(rows: TenantRows, { key, set }: RowChange): void {
  const row = rows.get(key);
  if (row !== undefined) Object.assign(row, set);
}

/** Parts of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
