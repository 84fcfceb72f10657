import { CloudStackError } from '@fairlead/cloudstack';
import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import { abandonedJobs, claimJob, updateJob } from '../store/jobs.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { JobRow, JobStatus } from '../store/write-tables.ts';
import { auditOfRow } from './audit-of.ts';
import type { Background } from './background.ts';
import type { Cloud } from './cloud.ts';
import { isPassing, publicText } from './failure.ts';
import { LEASE_MS, type Locks } from './locks.ts';

interface FollowerParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly cloud: Cloud;
  readonly locks: Locks;
  readonly background: Background;
  /** Told when an adopted job has ended. */
  readonly onEnd: (job: JobRow, status: JobStatus) => Promise<void>;
}

const FOLLOW_MS = 60 * 60_000;

/** Adopts the jobs of gateways that have gone: CloudStack went on with them (ovirt 10.4). */
export class JobFollower {
  readonly #parts: FollowerParts;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Claims every abandoned job and follows it in the background. */
  async adopt(): Promise<void> {
    const { store, clock, locks, background } = this.#parts;
    for (const job of await abandonedJobs(store, clock.now())) {
      const now = clock.now();
      if (!(await claimJob(store, job.id, { holder: locks.holder, nowMs: now, leaseMs: now + LEASE_MS }))) continue;
      background.begin(`follow job ${job.id}`, (signal) => this.#follow(job, signal)).catch(() => undefined);
    }
  }

  async #follow(job: JobRow, signal: AbortSignal): Promise<void> {
    if (job.cs_job_id === null)
      return await this.#end(job, 'unknown', 'the gateway was stopped before CloudStack had answered; look at the object');
    try {
      const client = await this.#parts.cloud.require();
      await client.job(job.cs_job_id, { signal, deadlineMs: FOLLOW_MS });
    } catch (error) {
      if (signal.aborted) throw error;
      if (isPassing(error)) return await this.#letGo(job);
      const isJobFailure = error instanceof CloudStackError && error.code === 'CLOUDSTACK_JOB_FAILED';
      return await this.#end(job, isJobFailure ? 'failed' : 'unknown', publicText(error));
    }
    if (job.is_last === 1) await this.#end(job, 'finished', null);
    else await this.#end(job, 'failed', 'the gateway was stopped between two steps; repeat it');
  }

  /** CloudStack is away: whoever looks next tries again. */
  async #letGo(job: JobRow): Promise<void> {
    await updateJob(this.#parts.store, job.id, { lease_ms: this.#parts.clock.now() + LEASE_MS, holder: '' });
  }

  async #end(job: JobRow, status: JobStatus, error: string | null): Promise<void> {
    const { store, clock, audit, onEnd } = this.#parts;
    const now = clock.now();
    await updateJob(store, job.id, { status, error, updated_ms: now, ended_ms: now });
    const outcome = status === 'finished' ? 'ok' : 'failed';
    const detail = { description: job.description, text: error };
    await audit.record({ ...auditOfRow(job), action: 'job.end', object: job.object_id ?? undefined, outcome, detail });
    await onEnd(job, status);
  }
}
