import type { OvirtStore } from './ovirt-store.ts';
import type { AccountRow } from './read-tables.ts';

/** Rows of our own users. */
export class AccountRows {
  readonly #store: OvirtStore;

  constructor(store: OvirtStore) {
    this.#store = store;
  }

  /** False when the name is taken. */
  async insert(row: AccountRow): Promise<boolean> {
    try {
      await this.#store.tables.insertInto('ovirt_accounts').values(row).execute();
      return true;
    } catch (error) {
      if (this.#store.isUniqueViolation(error)) return false;
      throw error;
    }
  }

  byName(name: string): Promise<AccountRow | undefined> {
    return this.#store.tables.selectFrom('ovirt_accounts').selectAll().where('name', '=', name).executeTakeFirst();
  }

  byId(id: string): Promise<AccountRow | undefined> {
    return this.#store.tables.selectFrom('ovirt_accounts').selectAll().where('id', '=', id).executeTakeFirst();
  }

  all(): Promise<AccountRow[]> {
    return this.#store.tables.selectFrom('ovirt_accounts').selectAll().orderBy('name').execute();
  }

  async remove(name: string): Promise<boolean> {
    const gone = await this.#store.tables.deleteFrom('ovirt_accounts').where('name', '=', name).executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }
}
