import type { Store } from '@fairlead/kernel/store';
import type { Transaction } from 'kysely';
import type { CheckRow, OvhTables } from './tables.ts';

/** Rows that say how the last look at each account ended. */
export class CheckRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async all(): Promise<readonly CheckRow[]> {
    return this.#store.tables<OvhTables>().selectFrom('ovh_checks').selectAll().execute();
  }

  /** Written unless a look that began later has ended already. */
  async put(row: CheckRow): Promise<boolean> {
    return this.#store.transaction<OvhTables, boolean>((trx) => putCheck(trx, row));
  }
}

/** One statement, so that of two gateways that write at once the one that began later stays. */
export async function putCheck(trx: Transaction<OvhTables>, row: CheckRow): Promise<boolean> {
  const { account: _account, part: _part, ...values } = row;
  const written = await trx
    .insertInto('ovh_checks')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['account', 'part']).doUpdateSet(values).where('ovh_checks.started_ms', '<=', row.started_ms),
    )
    .returning('account')
    .executeTakeFirst();
  return written !== undefined;
}
