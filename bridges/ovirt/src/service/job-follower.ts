import { CloudStackError } from '@fairlead/cloudstack';
import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import { disksOfEndedJobs } from '../store/disks.ts';
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
  /** Told when an adopted job has ended, and of ended jobs whose disks still wait for that. */
  readonly onEnd: (jobId: string, status: JobStatus) => Promise<void>;
}

const FOLLOW_MS = 60 * 60_000;
/** While CloudStack is away. */
const RETRY_MS = 2000;

/** Adopts the jobs of gateways that have gone: CloudStack went on with them (ovirt 10.4). */
export class JobFollower {
  readonly #parts: FollowerParts;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Claims every abandoned job and follows it in the background; what ended jobs have left half done is done. */
  async adopt(): Promise<void> {
    const { store, clock, locks, background, onEnd } = this.#parts;
    for (const job of await abandonedJobs(store, clock.now())) {
      const now = clock.now();
      if (!(await claimJob(store, job.id, { holder: locks.holder, nowMs: now, leaseMs: now + LEASE_MS }))) continue;
      background.begin(`follow job ${job.id}`, (signal) => this.#follow(job, signal)).catch(() => undefined);
    }
    for (const jobId of await disksOfEndedJobs(store)) await onEnd(jobId, 'unknown');
  }

  /** An outage of CloudStack is waited out; what else fails is left to whoever looks next. */
  async #follow(job: JobRow, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await this.#see(job, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        if (!isPassing(error)) {
          await this.#letGo(job);
          throw error;
        }
      }
      await this.#parts.clock.sleep(RETRY_MS, signal);
    }
  }

  async #see(job: JobRow, signal: AbortSignal): Promise<void> {
    if (job.cs_job_id === null)
      return await this.#end(job, 'unknown', 'the gateway was stopped before CloudStack had answered; look at the object');
    try {
      const client = await this.#parts.cloud.require();
      await client.job(job.cs_job_id, { signal, deadlineMs: FOLLOW_MS });
    } catch (error) {
      if (signal.aborted || isPassing(error)) throw error;
      const isJobFailure = error instanceof CloudStackError && error.code === 'CLOUDSTACK_JOB_FAILED';
      return await this.#end(job, isJobFailure ? 'failed' : 'unknown', publicText(error));
    }
    if (job.is_last === 1) await this.#end(job, 'finished', null);
    else await this.#end(job, 'failed', 'the gateway was stopped between two steps; repeat it');
  }

  async #letGo(job: JobRow): Promise<void> {
    await updateJob(this.#parts.store, job.id, { lease_ms: this.#parts.clock.now() + LEASE_MS, holder: '' });
  }

  async #end(job: JobRow, status: JobStatus, error: string | null): Promise<void> {
    const { store, clock, audit, onEnd } = this.#parts;
    const now = clock.now();
    // First what depends on it: killed in between, the job is followed again.
    await onEnd(job.id, status);
    await updateJob(store, job.id, { status, error, updated_ms: now, ended_ms: now });
    const outcome = status === 'finished' ? 'ok' : 'failed';
    const detail = { description: job.description, text: error };
    await audit.record({ ...auditOfRow(job), action: 'job.end', object: job.object_id ?? undefined, outcome, detail });
  }
}
