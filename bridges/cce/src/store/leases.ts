import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { column, type Migration, type Store } from '@fairlead/kernel/store';

interface LeaseTables {
  cce_leases: { name: string; holder: string; until_ms: number };
}

export const leaseMigrations: readonly Migration[] = [
  {
    owner: 'cce',
    id: '0201-leases',
    async up(db) {
      await db.schema
        .createTable('cce_leases')
        .addColumn('name', column.id, (col) => col.primaryKey())
        .addColumn('holder', column.text, (col) => col.notNull())
        .addColumn('until_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
];

const LEASE_MS = 60_000;

/** Says which gateway on a store does something for all of them, for as long as it lives and a minute more. */
export class Lease implements AsyncDisposable {
  readonly #name: string;
  readonly #store: Store;
  readonly #holder = newUuid();
  readonly #ended = new AbortController();
  #renewing: Promise<void> = Promise.resolve();

  constructor(name: string, store: Store) {
    this.#name = name;
    this.#store = store;
  }

  /** Whether it is ours from now on; then it is renewed until it is disposed of. */
  async take(): Promise<boolean> {
    if (!(await this.#write())) return false;
    this.#renewing = this.#renew(this.#store.clock);
    return true;
  }

  /** Gives it back, so that the next start need not wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#renewing;
    await this.#db().deleteFrom('cce_leases').where('name', '=', this.#name).where('holder', '=', this.#holder).execute();
  }

  async #renew(clock: Clock): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await clock.sleep(LEASE_MS / 3, signal).catch(() => undefined);
      // A store that is away for a moment is no reason to stop; the lease ends by itself.
      if (!signal.aborted) await this.#write().catch(() => false);
    }
  }

  async #write(): Promise<boolean> {
    const now = this.#store.clock.now();
    const row = { name: this.#name, holder: this.#holder, until_ms: now + LEASE_MS };
    const written = await this.#db()
      .insertInto('cce_leases')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder: row.holder, until_ms: row.until_ms })
          .where((where) => where.or([where('cce_leases.holder', '=', row.holder), where('cce_leases.until_ms', '<=', now)])),
      )
      .returning('holder')
      .executeTakeFirst();
    return written?.holder === this.#holder;
  }

  #db() {
    return this.#store.tables<LeaseTables>();
  }
}
