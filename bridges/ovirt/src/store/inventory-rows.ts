import type { Transaction } from 'kysely';
import { chunks } from './chunks.ts';
import type { OvirtStore, OvirtTables } from './ovirt-store.ts';
import type { InventoryStateRow } from './read-tables.ts';

/** One kind of objects in one view. */
export interface Shelf {
  readonly kind: string;
  readonly scope: string;
}

export interface KeptBody {
  readonly id: string;
  readonly body: string;
}

/** Rows of the kept inventory. An empty body marks what is gone. */
export class InventoryRows {
  readonly #store: OvirtStore;

  constructor(store: OvirtStore) {
    this.#store = store;
  }

  state(shelf: Shelf): Promise<InventoryStateRow | undefined> {
    return this.#store.tables
      .selectFrom('ovirt_inventory_state')
      .selectAll()
      .where('kind', '=', shelf.kind)
      .where('scope', '=', shelf.scope)
      .executeTakeFirst();
  }

  /** Takes or renews the right to list; false while somebody else has it. */
  async claim(shelf: Shelf, by: string, span: { readonly now: number; readonly until: number }): Promise<boolean> {
    const empty = { ...shelf, listed_ms: 0, version: 0, claimed_until_ms: 0, claimed_by: '' };
    const { tables } = this.#store;
    await tables
      .insertInto('ovirt_inventory_state')
      .values(empty)
      .onConflict((conflict) => conflict.columns(['kind', 'scope']).doNothing())
      .execute();
    const taken = await tables
      .updateTable('ovirt_inventory_state')
      .set({ claimed_until_ms: span.until, claimed_by: by })
      .where('kind', '=', shelf.kind)
      .where('scope', '=', shelf.scope)
      .where((where) => where.or([where('claimed_until_ms', '<=', span.now), where('claimed_by', '=', by)]))
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n;
  }

  async release(shelf: Shelf, by: string): Promise<void> {
    await this.#store.tables
      .updateTable('ovirt_inventory_state')
      .set({ claimed_until_ms: 0, claimed_by: '' })
      .where('kind', '=', shelf.kind)
      .where('scope', '=', shelf.scope)
      .where('claimed_by', '=', by)
      .execute();
  }

  /** Everything on the shelf that is not gone. */
  all(shelf: Shelf): Promise<KeptBody[]> {
    return this.#store.tables
      .selectFrom('ovirt_inventory')
      .select(['id', 'body'])
      .where('kind', '=', shelf.kind)
      .where('scope', '=', shelf.scope)
      .where('body', '!=', '')
      .execute();
  }

  /** Makes the shelf what a whole list said; what was changed after the list began stays. Writes only differences. */
  replace(shelf: Shelf, items: ReadonlyMap<string, string>, startedMs: number): Promise<void> {
    return this.#store.transaction(async (trx) => {
      const kept = await trx
        .selectFrom('ovirt_inventory')
        .select(['id', 'body', 'seen_ms'])
        .where('kind', '=', shelf.kind)
        .where('scope', '=', shelf.scope)
        .execute();
      const known = new Map(kept.map((row) => [row.id, row]));
      const newer = (id: string) => (known.get(id)?.seen_ms ?? -1) >= startedMs;
      const changed = [...items].filter(([id, body]) => known.get(id)?.body !== body && !newer(id));
      const gone = kept.filter((row) => !items.has(row.id) && !newer(row.id)).map((row) => row.id);
      for (const chunk of chunks(changed)) await putRows(trx, shelf, chunk, startedMs);
      for (const chunk of chunks(gone)) await removeRows(trx, shelf, chunk);
      await bump(trx, shelf, { listedMs: startedMs, changed: changed.length + gone.length > 0 });
    });
  }

  /** One object as it is now; an empty body says that it is gone. */
  put(shelf: Shelf, item: KeptBody, seenMs: number): Promise<void> {
    return this.#store.transaction(async (trx) => {
      await putRows(trx, shelf, [[item.id, item.body]], seenMs);
      await bump(trx, shelf, { changed: true });
    });
  }

  /** Forgets an object on every shelf of its kind, so that it is asked for anew. */
  drop(kind: string, id: string): Promise<void> {
    return this.#store.transaction(async (trx) => {
      await trx.deleteFrom('ovirt_inventory').where('kind', '=', kind).where('id', '=', id).execute();
      await trx
        .updateTable('ovirt_inventory_state')
        .set((set) => ({ version: set('version', '+', 1) }))
        .where('kind', '=', kind)
        .execute();
    });
  }
}

async function putRows(
  trx: Transaction<OvirtTables>,
  shelf: Shelf,
  items: readonly (readonly [string, string])[],
  seenMs: number,
): Promise<void> {
  const rows = items.map(([id, body]) => ({ ...shelf, id, body, seen_ms: seenMs }));
  await trx
    .insertInto('ovirt_inventory')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'scope', 'id'])
        .doUpdateSet((set) => ({ body: set.ref('excluded.body'), seen_ms: set.ref('excluded.seen_ms') })),
    )
    .execute();
}

async function removeRows(trx: Transaction<OvirtTables>, shelf: Shelf, ids: readonly string[]): Promise<void> {
  await trx.deleteFrom('ovirt_inventory').where('kind', '=', shelf.kind).where('scope', '=', shelf.scope).where('id', 'in', ids).execute();
}

/** The state row is there: `claim` made it, or this does. */
async function bump(
  trx: Transaction<OvirtTables>,
  shelf: Shelf,
  what: { readonly listedMs?: number; readonly changed: boolean },
): Promise<void> {
  const first = { ...shelf, listed_ms: what.listedMs ?? 0, version: 1, claimed_until_ms: 0, claimed_by: '' };
  await trx
    .insertInto('ovirt_inventory_state')
    .values(first)
    .onConflict((conflict) =>
      conflict.columns(['kind', 'scope']).doUpdateSet((set) => ({
        version: set('ovirt_inventory_state.version', '+', what.changed ? 1 : 0),
        ...(what.listedMs !== undefined && { listed_ms: what.listedMs }),
      })),
    )
    .execute();
}
