import type { Store } from '../store/index.ts';
import type { Schedule } from './schedule.ts';

export interface JobRow {
  name: string;
  schedule: string;
  due_ms: number;
  holder: string | null;
  lease_until_ms: number;
  failures: number;
  started_ms: number | null;
  ended_ms: number | null;
}

interface JobTables {
  kernel_jobs: JobRow;
}

/** The jobs of all gateways of a store. Every change asks for the holder that it believes in, so nobody undoes what another has begun. */
export class JobRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Makes the row of a job, or its time anew when its schedule is another one; a run that is under way goes on. */
  async declare(name: string, schedule: Schedule): Promise<void> {
    const due = schedule.first(this.#store.clock.now());
    await this.#db()
      .insertInto('kernel_jobs')
      .values({
        name,
        schedule: schedule.text,
        due_ms: due,
        holder: null,
        lease_until_ms: 0,
        failures: 0,
        started_ms: null,
        ended_ms: null,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    await this.#db()
      .updateTable('kernel_jobs')
      .set({ schedule: schedule.text, due_ms: due })
      .where('name', '=', name)
      .where('schedule', '!=', schedule.text)
      .execute();
  }

  /** Those that are due and that nobody works on, the one that waits longest first. */
  async due(names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const now = this.#store.clock.now();
    const rows = await this.#db()
      .selectFrom('kernel_jobs')
      .select('name')
      .where('name', 'in', names)
      .where('due_ms', '<=', now)
      .where('lease_until_ms', '<=', now)
      .orderBy('due_ms')
      .execute();
    return rows.map((row) => row.name);
  }

  /** Takes a due job for so long; false when another was quicker. Answers the failures in a row so far. */
  async take(name: string, holder: string, leaseMs: number): Promise<{ readonly failures: number } | undefined> {
    const now = this.#store.clock.now();
    return await this.#db()
      .updateTable('kernel_jobs')
      .set({ holder, lease_until_ms: now + leaseMs, started_ms: now })
      .where('name', '=', name)
      .where('due_ms', '<=', now)
      .where('lease_until_ms', '<=', now)
      .returning('failures')
      .executeTakeFirst();
  }

  /** Takes a job whether it is due or not; false while another works on it. */
  async takeEarly(name: string, holder: string, leaseMs: number): Promise<boolean> {
    const now = this.#store.clock.now();
    const taken = await this.#db()
      .updateTable('kernel_jobs')
      .set({ holder, lease_until_ms: now + leaseMs, started_ms: now })
      .where('name', '=', name)
      .where('lease_until_ms', '<=', now)
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n;
  }

  /** Ends a run that was taken early: the next one is not later than it was to be. */
  async endEarly(name: string, holder: string, dueMs: number): Promise<void> {
    await this.#db()
      .updateTable('kernel_jobs')
      .set((get) => ({
        due_ms: get.case().when('due_ms', '>', dueMs).then(dueMs).else(get.ref('due_ms')).end(),
        holder: null,
        lease_until_ms: 0,
      }))
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute();
  }

  /** False when the lease is another's by now. */
  async renew(name: string, holder: string, leaseMs: number): Promise<boolean> {
    const until = this.#store.clock.now() + leaseMs;
    return this.#change(name, holder, { lease_until_ms: until });
  }

  /** Ends a run; false when the lease was lost meanwhile, and then nothing changes. */
  async end(name: string, holder: string, change: Partial<Pick<JobRow, 'due_ms' | 'failures' | 'ended_ms'>>): Promise<boolean> {
    return this.#change(name, holder, { ...change, holder: null, lease_until_ms: 0 });
  }

  /** Makes a job due now. */
  async hurry(name: string): Promise<void> {
    await this.#db().updateTable('kernel_jobs').set({ due_ms: this.#store.clock.now() }).where('name', '=', name).execute();
  }

  async all(): Promise<readonly JobRow[]> {
    return this.#db().selectFrom('kernel_jobs').selectAll().orderBy('name').execute();
  }

  async #change(name: string, holder: string, change: Partial<JobRow>): Promise<boolean> {
    const changed = await this.#db()
      .updateTable('kernel_jobs')
      .set(change)
      .where('name', '=', name)
      .where('holder', '=', holder)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  }

  #db() {
    return this.#store.tables<JobTables>();
  }
}
