import { acronisClass, mayHaveHappened } from '@fairlead/acronis';
import type { Clock } from '@fairlead/kernel/clock';
import type { WorkloadRow } from '../../store/tables.ts';
import { anew } from './adopt.ts';
import { errorText, rowWaitMs } from './backoff.ts';
import { changeBetween, readContent, type WantedContent } from './content.ts';
import { updateReason } from './diff.ts';
import type { PushSettings } from './settings.ts';
import type { TenantTask } from './tenant-task.ts';
import type { WorkloadRows } from './workload-rows.ts';

const DONE = { inflight_op: null, inflight_since_ms: null } as const;

export interface UpdatesParts {
  readonly rows: WorkloadRows;
  readonly settings: PushSettings;
  readonly clock: Clock;
}

/** Sends what has changed of workloads that Acronis has; may be repeated at any time. */
export class Updates {
  readonly #parts: UpdatesParts;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
  }

  async update(task: TenantTask): Promise<void> {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    for (const row of [...task.rows.values()]) {
      const want = task.wanted.get(row.item_key);
      if (want === undefined || row.next_attempt_ms > now) continue;
      if (updateReason(row, want, { now, volatileRefreshMs: settings.volatileRefreshMs }) === undefined) continue;
      task.signal.throwIfAborted();
      await this.#one(task, row, want);
    }
  }

  async #one(task: TenantTask, row: WorkloadRow, want: WantedContent): Promise<void> {
    const { rows, clock } = this.#parts;
    const { workload_id: id } = row;
    // What had no answer may be there or not: all of it is sent.
    const isKnown = row.sent_hash !== null && row.inflight_op === null;
    const change = changeBetween(isKnown ? readContent(row.body) : undefined, want.content);
    const body = JSON.stringify(want.content);
    const done = { ...DONE, sent_hash: want.hash, body, updated_ms: clock.now(), attempts: 0, next_attempt_ms: 0, last_error: null };
    if (id === null || Object.keys(change).length === 0) return await this.#set(task, row, done);
    const [taken] = await rows.begin(task.tenantId, task.rows, { keys: [row.item_key], op: 'update' });
    if (taken === undefined) return;
    try {
      await task.client.workloads.update(id, change, task.signal);
    } catch (error) {
      return await this.#failed(task, taken, error);
    }
    await this.#set(task, taken, done);
    task.tally.add('updated');
    task.failures.ok();
  }

  async #failed(task: TenantTask, row: WorkloadRow, error: unknown): Promise<void> {
    const found = acronisClass(error);
    if (found === undefined) throw error;
    if (found === 'gone') {
      task.tally.add('vanished');
      return await this.#set(task, row, anew(task, row));
    }
    const told = { ...DONE, last_error: errorText(error), ...(mayHaveHappened(error) ? { sent_hash: null } : {}) };
    if (found === 'refused' || found === 'too_large') {
      task.tally.add('blocked');
      return await this.#set(task, row, { ...told, state: 'blocked' });
    }
    const isOfRow = mayHaveHappened(error) || found === 'unreachable';
    const attempts = row.attempts + 1;
    const wait = isOfRow ? { attempts, next_attempt_ms: this.#parts.clock.now() + rowWaitMs(attempts) } : {};
    await this.#set(task, row, { ...told, ...wait });
    task.failures.failed(error);
  }

  async #set(task: TenantTask, row: WorkloadRow, set: Partial<WorkloadRow>): Promise<void> {
    await this.#parts.rows.set(task.tenantId, task.rows, { keys: [row.item_key], set });
  }
}
