import { acronisClass } from '@fairlead/acronis';
import type { Clock } from '@fairlead/kernel/clock';
import type { WorkloadRow } from '../../store/tables.ts';
import { errorText, rowWaitMs } from './backoff.ts';
import type { TenantTask } from './tenant-task.ts';
import { chunks, type WorkloadRows } from './workload-rows.ts';

/** Acronis takes so many ids in one request. */
const MOST_IDS = 100;

/** Removes what has left, always by id, and forgets it once Acronis does not have it (cyberapp 4.7). */
export class Removal {
  readonly #rows: WorkloadRows;
  readonly #clock: Clock;

  constructor({ rows, clock }: { readonly rows: WorkloadRows; readonly clock: Clock }) {
    this.#rows = rows;
    this.#clock = clock;
  }

  async remove(task: TenantTask): Promise<void> {
    const now = this.#clock.now();
    const due = [...task.rows.values()].filter((row) => row.state === 'leaving' && row.workload_id !== null && row.next_attempt_ms <= now);
    const keys = due.map((row) => row.item_key);
    for (const part of chunks(keys, MOST_IDS)) {
      task.signal.throwIfAborted();
      await this.#batch(task, part);
    }
  }

  async #batch(task: TenantTask, keys: readonly string[]): Promise<void> {
    const taken = await this.#rows.begin(task.tenantId, task.rows, { keys, op: 'delete' });
    const [first, ...rest] = taken.flatMap((row) => row.workload_id ?? []);
    if (first === undefined) return;
    try {
      await task.client.workloads.remove([first, ...rest], task.signal);
    } catch (error) {
      return await this.#failed(task, taken, error);
    }
    await this.#gone(task, taken);
    task.failures.ok();
  }

  async #failed(task: TenantTask, taken: readonly WorkloadRow[], error: unknown): Promise<void> {
    const found = acronisClass(error);
    if (found === undefined) throw error;
    const isAboutOne = found === 'gone' || found === 'refused' || found === 'too_large';
    if (isAboutOne && taken.length > 1) return await this.#byHalves(task, taken);
    if (found === 'gone') return await this.#gone(task, taken);
    const isPaused = found === 'token' || found === 'throttled' || found === 'forbidden';
    const attempts = Math.max(...taken.map((row) => row.attempts)) + (isPaused ? 0 : 1);
    const next = isPaused ? 0 : this.#clock.now() + rowWaitMs(attempts);
    const set = { inflight_op: null, inflight_since_ms: null, attempts, next_attempt_ms: next, last_error: errorText(error) };
    await this.#rows.set(task.tenantId, task.rows, { keys: taken.map((row) => row.item_key), set });
    if (isAboutOne) task.tally.add('failed');
    else task.failures.failed(error);
  }

  async #byHalves(task: TenantTask, taken: readonly WorkloadRow[]): Promise<void> {
    const keys = taken.map((row) => row.item_key);
    const half = Math.ceil(keys.length / 2);
    for (const part of [keys.slice(0, half), keys.slice(half)]) await this.#batch(task, part);
  }

  async #gone(task: TenantTask, taken: readonly WorkloadRow[]): Promise<void> {
    const keys = taken.map((row) => row.item_key);
    await this.#rows.remove(task.tenantId, task.rows, keys);
    task.tally.add('removed', keys.length);
  }
}
