import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables, RunRow } from '../../store/tables.ts';
import type { PushCounts } from './counts.ts';

export type RunOutcome = 'ok' | 'partial' | 'paused' | 'stopped' | 'failed';

const KEEP_MS = 30 * 24 * 3_600_000;

/** The history of runs: kept for 30 days. */
export class RunRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Answers the id of the row. Whoever begins has the lease: what another began and did not end is lost. */
  async begin(run: { readonly datacenterId: string; readonly trigger: string; readonly node: string }): Promise<string> {
    const now = this.#store.clock.now();
    const id = newUuid();
    await this.#db()
      .deleteFrom('cyberapp_runs')
      .where('datacenter_id', '=', run.datacenterId)
      .where('started_ms', '<', now - KEEP_MS)
      .execute();
    await this.#db()
      .updateTable('cyberapp_runs')
      .set({ outcome: 'lost', finished_ms: now })
      .where('datacenter_id', '=', run.datacenterId)
      .where('finished_ms', 'is', null)
      .execute();
    const row: RunRow = {
      id,
      datacenter_id: run.datacenterId,
      started_ms: now,
      finished_ms: null,
      trigger: run.trigger,
      dry_run: 0,
      counts: '{}',
      outcome: 'running',
      node: run.node,
    };
    await this.#db().insertInto('cyberapp_runs').values(row).execute();
    return id;
  }

  /** A run that another one has declared lost stays so. */
  async end(id: string, { outcome, counts }: { readonly outcome: RunOutcome; readonly counts: PushCounts }): Promise<void> {
    const set = { outcome, counts: JSON.stringify(counts), finished_ms: this.#store.clock.now() };
    await this.#db().updateTable('cyberapp_runs').set(set).where('id', '=', id).where('finished_ms', 'is', null).execute();
  }

  /** The newest that ended, by data center. */
  async last(datacenterId: string): Promise<RunRow | undefined> {
    return await this.#db()
      .selectFrom('cyberapp_runs')
      .selectAll()
      .where('datacenter_id', '=', datacenterId)
      .where('finished_ms', 'is not', null)
      .orderBy('started_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  #db() {
    return this.#store.tables<CyberappTables>();
  }
}
