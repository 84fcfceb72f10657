import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import { Adoption } from './adopt.ts';
import { Creation } from './create.ts';
import { Removal } from './removal.ts';
import type { PushSettings } from './settings.ts';
import type { TenantTask } from './tenant-task.ts';
import { Updates } from './update.ts';
import type { WorkloadRows } from './workload-rows.ts';

export interface WorkloadPusherParts {
  readonly rows: WorkloadRows;
  readonly settings: PushSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes the workloads of one tenant what its rows say (cyberapp 4.7). */
export class WorkloadPusher {
  readonly #adoption: Adoption;
  readonly #creation: Creation;
  readonly #updates: Updates;
  readonly #removal: Removal;
  readonly #clock: Clock;

  constructor(parts: WorkloadPusherParts) {
    this.#clock = parts.clock;
    this.#adoption = new Adoption(parts);
    this.#creation = new Creation({ ...parts, adoption: this.#adoption });
    this.#updates = new Updates(parts);
    this.#removal = new Removal(parts);
  }

  /** Adopts, creates and updates; what turns out to have vanished is created again at once. */
  async bring(task: TenantTask): Promise<void> {
    await this.seek(task);
    await this.#creation.create(task);
    await this.#updates.update(task);
    if (this.#creation.due(task).length === 0) return;
    await this.#adoption.adopt(task, 'after');
    await this.#creation.create(task);
  }

  /** Lists the tenant where something is sought or about to be created, or when it is to be compared. */
  async seek(task: TenantTask): Promise<void> {
    const now = this.#clock.now();
    const isSought = [...task.rows.values()].some(
      (row) => row.workload_id === null && (row.state === 'creating' || row.state === 'leaving') && row.next_attempt_ms <= now,
    );
    if (task.compare || isSought || this.#creation.due(task).length > 0) await this.#adoption.adopt(task, 'before');
  }

  async remove(task: TenantTask): Promise<void> {
    await this.#removal.remove(task);
  }
}
