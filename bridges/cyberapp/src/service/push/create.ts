import { acronisClass, mayHaveHappened } from '@fairlead/acronis';
import type { Clock } from '@fairlead/kernel/clock';
import type { WorkloadRow } from '../../store/tables.ts';
import type { Adoption } from './adopt.ts';
import { errorText, rowWaitMs } from './backoff.ts';
import { draftOf, readContent } from './content.ts';
import type { PushSettings } from './settings.ts';
import type { TenantTask } from './tenant-task.ts';
import type { WorkloadRows } from './workload-rows.ts';

const DONE = { inflight_op: null, inflight_since_ms: null } as const;
/** The first look for what was created. */
const SETTLED_MS = 10_000;

export interface CreationParts {
  readonly rows: WorkloadRows;
  readonly adoption: Adoption;
  readonly settings: PushSettings;
  readonly clock: Clock;
}

/** Sends what Acronis does not have, in batches, and never what it may have (cyberapp 4.5, 4.9). */
export class Creation {
  readonly #parts: CreationParts;

  constructor(parts: CreationParts) {
    this.#parts = parts;
  }

  /** Creates what is `new`, and lists the tenant when something was sent. */
  async create(task: TenantTask): Promise<void> {
    const queue = [...this.due(task)];
    if (queue.length === 0) return;
    while (queue.length > 0) {
      task.signal.throwIfAborted();
      const size = Math.min(this.#parts.settings.batchSize, task.datacenter.batchSize);
      await this.#batch(task, queue.splice(0, size));
    }
    await this.#parts.adoption.adopt(task, 'after');
  }

  /** Keys of what may be created now. */
  due({ rows }: TenantTask): readonly string[] {
    const now = this.#parts.clock.now();
    return [...rows.values()]
      .filter((row) => row.state === 'new' && row.next_attempt_ms <= now && row.missing_since_ms === null)
      .map((row) => row.item_key);
  }

  async #batch(task: TenantTask, keys: readonly string[]): Promise<void> {
    const { rows, clock } = this.#parts;
    const attempts = Math.max(0, ...keys.map((key) => task.rows.get(key)?.attempts ?? 0));
    const taken = await rows.beginCreate(task.tenantId, task.rows, keys);
    const [first, ...rest] = taken.map((row) => draftOf(readContent(row.body), row.item_key, task.tenantId));
    if (first === undefined) return;
    try {
      await task.client.workloads.create([first, ...rest], task.signal);
    } catch (error) {
      return await this.#failed(task, taken, { error, attempts });
    }
    const now = clock.now();
    await this.#set(task, taken, { ...DONE, updated_ms: now, next_attempt_ms: now + SETTLED_MS, last_error: null });
    task.tally.add('created', taken.length);
    task.failures.ok();
  }

  async #failed(task: TenantTask, taken: readonly WorkloadRow[], { error, attempts }: { error: unknown; attempts: number }): Promise<void> {
    const found = acronisClass(error);
    // Stopped, or not a matter of Acronis: rows stay in flight and are looked up.
    if (found === undefined) throw error;
    if (mayHaveHappened(error)) return await this.#uncertain(task, taken, error);
    if (found === 'refused' || found === 'too_large') return await this.#refused(task, taken, error);
    await this.#notSent(task, taken, { attempts: found === 'unreachable' ? attempts + 1 : 0, error });
    task.failures.failed(error);
  }

  /** It may have been carried out: only a listing tells. */
  async #uncertain(task: TenantTask, taken: readonly WorkloadRow[], error: unknown): Promise<void> {
    await this.#sought(task, taken, error);
    await this.#parts.adoption.adopt(task, 'after');
    if (taken.some((row) => row.state === 'creating')) task.failures.failed(error);
    else task.failures.ok();
  }

  /** The bad item is found by halves. What a refused batch holds may have been taken in part, so it is looked for before each. */
  async #refused(task: TenantTask, taken: readonly WorkloadRow[], error: unknown): Promise<void> {
    const isTooLarge = acronisClass(error) === 'too_large';
    if (taken.length === 1) {
      await this.#set(task, taken, { ...DONE, state: 'blocked', sent_hash: null, last_error: errorText(error) });
      task.tally.add('blocked');
      return;
    }
    if (isTooLarge) task.datacenter.tooLarge(taken.length);
    else {
      await this.#sought(task, taken, error);
      await this.#parts.adoption.adopt(task, 'after');
    }
    const left = taken.filter((row) => row.state === 'creating');
    await this.#notSent(task, left, { attempts: 0, error });
    const keys = left.map((row) => row.item_key);
    const half = Math.ceil(keys.length / 2);
    for (const part of [keys.slice(0, half), keys.slice(half)]) if (part.length > 0) await this.#batch(task, part);
  }

  async #sought(task: TenantTask, taken: readonly WorkloadRow[], error: unknown): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#set(task, taken, { ...DONE, updated_ms: now, next_attempt_ms: now + SETTLED_MS, last_error: errorText(error) });
  }

  async #notSent(
    task: TenantTask,
    taken: readonly WorkloadRow[],
    { attempts, error }: { attempts: number; error: unknown },
  ): Promise<void> {
    const next = attempts === 0 ? 0 : this.#parts.clock.now() + rowWaitMs(attempts);
    await this.#set(task, taken, { ...DONE, state: 'new', sent_hash: null, attempts, next_attempt_ms: next, last_error: errorText(error) });
  }

  async #set(task: TenantTask, taken: readonly WorkloadRow[], set: Partial<WorkloadRow>): Promise<void> {
    const keys = taken.map((row) => row.item_key);
    await this.#parts.rows.set(task.tenantId, task.rows, { keys, set });
  }
}
