import type { Clock } from '@fairlead/kernel/clock';
import { isUuid, newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../errors.ts';
import { belowPattern, type Db, lockedWhere } from '../store/queries.ts';
import type { CyberappTables, OrganizationKind, OrganizationRow } from '../store/tables.ts';

/** A root has depth 0 (cyberapp 3.2). */
const MOST_DEPTH = 15;

export interface NewOrganization {
  readonly name: string;
  readonly kind: OrganizationKind;
  /** None: a root, which is a partner. */
  readonly parentId?: string | undefined;
  /** A UUID; made when absent. */
  readonly id?: string | undefined;
  readonly origin?: OrganizationRow['origin'] | undefined;
}

export interface OrganizationSettings {
  readonly push?: OrganizationRow['push'];
  readonly seesInfrastructure?: boolean;
}

/** The tree of partners and their customers (cyberapp 3.2), as its operator changes it. Every refusal is CYBERAPP_ORGANIZATION. */
export class Organizations {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store) {
    this.#store = store;
    this.#clock = store.clock;
  }

  /** Every organization, parents before their children, siblings by name. */
  async all(): Promise<readonly OrganizationRow[]> {
    const rows = await this.#store.tables<CyberappTables>().selectFrom('cyberapp_organizations').selectAll().execute();
    const children = Map.groupBy(rows, (row) => row.parent_id);
    const below = (parent: string | null): OrganizationRow[] =>
      (children.get(parent) ?? []).toSorted(byName).flatMap((row) => [row, ...below(row.id)]);
    return below(null);
  }

  get(id: string): Promise<OrganizationRow> {
    return organizationOf(this.#store.tables<CyberappTables>(), id);
  }

  add(given: NewOrganization): Promise<OrganizationRow> {
    return this.#store.transaction<CyberappTables, OrganizationRow>((trx) => addOrganization(this.#store, trx, given));
  }

  rename(id: string, name: string): Promise<void> {
    return this.#change(id, () => ({ name: checkedName(name) }));
  }

  set(id: string, { push, seesInfrastructure }: OrganizationSettings): Promise<void> {
    return this.#change(id, () => ({
      ...(push !== undefined && { push }),
      ...(seesInfrastructure !== undefined && { sees_infrastructure: Number(seesInfrastructure) }),
    }));
  }

  /** Its users cannot authenticate and the connector leaves it as it is; nothing is removed. */
  suspend(id: string): Promise<void> {
    return this.#change(id, () => ({ state: 'suspended' }));
  }

  resume(id: string): Promise<void> {
    return this.#change(id, () => ({ state: 'active' }));
  }

  /** Hangs an organization with all below it under another partner. */
  async move(id: string, parentId: string): Promise<void> {
    await this.#store.transaction<CyberappTables, void>(async (trx) => {
      const lock = lockedWhere(this.#store);
      const parent = await parentOf(this.#store, trx, parentId);
      const moved = await organizationOf(trx, id);
      if (parent.path.startsWith(moved.path)) throw refusal('an organization cannot be moved below itself');
      const rows = await lock(
        trx.selectFrom('cyberapp_organizations').select(['id', 'path', 'depth']).where('path', 'like', belowPattern(moved.path)),
      ).execute();
      const [path, depth] = [`${parent.path}${moved.id}/`, parent.depth + 1];
      if (rows.some((row) => row.depth - moved.depth + depth > MOST_DEPTH)) throw refusal(`the tree has at most ${MOST_DEPTH + 1} levels`);
      for (const row of rows) {
        await trx
          .updateTable('cyberapp_organizations')
          .set({ path: path + row.path.slice(moved.path.length), depth: row.depth - moved.depth + depth })
          .where('id', '=', row.id)
          .execute();
      }
      await trx
        .updateTable('cyberapp_organizations')
        .set((get) => ({ parent_id: parent.id, updated_ms: this.#clock.now(), version: get('version', '+', 1) }))
        .where('id', '=', id)
        .execute();
    });
  }

  /** Never takes along what is below it; users, mapping and rules only with `force`. */
  async remove(id: string, { force }: { readonly force: boolean }): Promise<void> {
    await this.#store.transaction<CyberappTables, void>(async (trx) => {
      await lockedWhere(this.#store)(trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', id)).execute();
      await organizationOf(trx, id);
      const child = await trx.selectFrom('cyberapp_organizations').select('id').where('parent_id', '=', id).executeTakeFirst();
      if (child !== undefined) throw refusal('other organizations are below it');
      for (const table of ['cyberapp_mappings', 'cyberapp_sources', 'cyberapp_users'] as const) {
        const used = await trx.selectFrom(table).select('organization_id').where('organization_id', '=', id).executeTakeFirst();
        if (used === undefined) continue;
        if (!force) throw refusal(`it still has ${HANGING[table]}`);
        await trx.deleteFrom(table).where('organization_id', '=', id).execute();
      }
      await trx.deleteFrom('cyberapp_organizations').where('id', '=', id).execute();
    });
  }

  async #change(id: string, change: () => Partial<OrganizationRow>): Promise<void> {
    const done = await this.#store
      .tables<CyberappTables>()
      .updateTable('cyberapp_organizations')
      .set((get) => ({ ...change(), updated_ms: this.#clock.now(), version: get('version', '+', 1) }))
      .where('id', '=', id)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) throw refusal(`there is no organization ${id}`);
  }
}

const HANGING = { cyberapp_mappings: 'a mapping', cyberapp_sources: 'rules of what belongs to it', cyberapp_users: 'users' } as const;

/** Adds within a transaction: its parent stays as it is until the end of it. */
export async function addOrganization(store: Store, trx: Db, given: NewOrganization): Promise<OrganizationRow> {
  const id = given.id?.toLowerCase() ?? newUuid();
  if (!isUuid(id)) throw refusal(`${id} is not a UUID`);
  if (given.parentId === undefined && given.kind !== 'partner') throw refusal('a root is a partner');
  const parent = given.parentId === undefined ? undefined : await parentOf(store, trx, given.parentId);
  const depth = parent === undefined ? 0 : parent.depth + 1;
  if (depth > MOST_DEPTH) throw refusal(`the tree has at most ${MOST_DEPTH + 1} levels`);
  const there = await trx.selectFrom('cyberapp_organizations').select('id').where('id', '=', id).executeTakeFirst();
  if (there !== undefined) throw refusal(`there is an organization ${id} already`);
  const now = store.clock.now();
  const row: OrganizationRow = {
    id,
    parent_id: parent?.id ?? null,
    path: `${parent?.path ?? '/'}${id}/`,
    depth,
    kind: given.kind,
    name: checkedName(given.name),
    state: 'active',
    external_ref: null,
    origin: given.origin ?? 'local',
    push: 'all',
    sees_infrastructure: 0,
    created_ms: now,
    updated_ms: now,
    version: 1,
  };
  await trx.insertInto('cyberapp_organizations').values(row).execute();
  return row;
}

async function parentOf(store: Store, trx: Db, id: string): Promise<OrganizationRow> {
  const query = trx.selectFrom('cyberapp_organizations').selectAll().where('id', '=', id.toLowerCase());
  const parent = await lockedWhere(store)(query).executeTakeFirst();
  if (parent === undefined) throw refusal(`there is no organization ${id}`);
  if (parent.kind !== 'partner') throw refusal('a customer holds no other organization');
  return parent;
}

async function organizationOf(db: Db, id: string): Promise<OrganizationRow> {
  const row = await db.selectFrom('cyberapp_organizations').selectAll().where('id', '=', id.toLowerCase()).executeTakeFirst();
  if (row === undefined) throw refusal(`there is no organization ${id}`);
  return row;
}

function checkedName(name: string): string {
  const length = [...name].length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (length < 1 || length > 255 || /[\u0000-\u001f\u007f]/.test(name)) throw refusal('a name has 1 to 255 characters, none of control');
  return name;
}

/** By name without regard to case, then by id: the order of every list that is shown. */
export function byName<Row extends { readonly name: string; readonly id: string }>(one: Row, other: Row): number {
  const [a, b] = [one.name.toLowerCase(), other.name.toLowerCase()];
  if (a !== b) return a < b ? -1 : 1;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}

function refusal(reason: string): Error {
  return CyberappError('CYBERAPP_ORGANIZATION', { reason });
}
