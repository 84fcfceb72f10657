import { type CloudStackClient, CloudStackError, type Params } from '@fairlead/cloudstack';
import type { Audit, AuditEntry } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import { abandonJob, insertJob, updateJob } from '../store/jobs.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { auditOf } from './audit-of.ts';
import type { Background } from './background.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import { isPassing, publicText } from './failure.ts';
import { LEASE_MS, type Locks } from './locks.ts';

/** One thing that a caller wants done and that takes a while. */
export interface Operation<T> {
  readonly caller: Caller;
  readonly facts: RequestFacts;
  /** For the audit: object and verb, `vm.create`. */
  readonly action: string;
  /** More for the audit; no secret. */
  readonly detail?: AuditEntry['detail'];
  /** For people, in the job list and in refusals to others: `Starting VM web-01`. */
  readonly description: string;
  readonly objectType: string;
  readonly objectId: string | undefined;
  /** What nobody else may work on meanwhile. */
  readonly locks: readonly string[];
  /** The whole time it may take (ovirt 10.2). */
  readonly deadlineMs: number;
  work(run: OperationRun): Promise<T>;
  /** The id of what was made. */
  madeId?(value: T): string;
}

/** An operation under way: the row of its job exists. */
export interface Started<T> {
  readonly jobId: string;
  readonly done: Promise<T>;
}

interface OperationParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly locks: Locks;
  readonly background: Background;
  readonly audit: Audit;
}

/** Runs operations so that they outlive the request, hold their locks to the end, and leave a job row that tells how it went. */
export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** Locks, writes the row, begins. Throws `OVIRT_LOCKED`; what goes wrong later rejects `done`. */
  async start<T>(operation: Operation<T>): Promise<Started<T>> {
    const { locks, background } = this.#parts;
    const held = await locks.takeAll(operation.locks, operation.description);
    const jobId = newUuid();
    try {
      await this.#note(jobId, operation);
    } catch (error) {
      await held[Symbol.asyncDispose]();
      throw error;
    }
    const done = background.begin(operation.description, async (signal) => {
      await using _held = held;
      return await this.#carryOut(jobId, operation, signal);
    });
    return { jobId, done };
  }

  async #note(jobId: string, operation: Operation<unknown>): Promise<void> {
    const now = this.#parts.clock.now();
    await insertJob(this.#parts.store, {
      id: jobId,
      cs_job_id: null,
      is_last: 0,
      description: operation.description,
      status: 'started',
      object_type: operation.objectType,
      object_id: operation.objectId ?? null,
      error: null,
      correlation_id: operation.facts.correlationId,
      subject: operation.caller.subject,
      user_id: operation.caller.userId,
      holder: this.#parts.locks.holder,
      lease_ms: now + LEASE_MS,
      started_ms: now,
      updated_ms: now,
      ended_ms: null,
    });
  }

  async #carryOut<T>(jobId: string, operation: Operation<T>, signal: AbortSignal): Promise<T> {
    const { store, clock, log } = this.#parts;
    const run = new OperationRun({ jobId, store, clock, signal, endMs: clock.now() + operation.deadlineMs });
    try {
      const value = await operation.work(run);
      const now = clock.now();
      await updateJob(store, jobId, { status: 'finished', updated_ms: now, ended_ms: now });
      await this.#record(operation, { outcome: 'ok', object: operation.madeId?.(value) ?? operation.objectId });
      return value;
    } catch (error) {
      // A gateway that stops leaves the row as it is: the next one follows CloudStack's job to its end.
      if (!signal.aborted) await this.#fail(jobId, error);
      if (!signal.aborted) await this.#record(operation, { outcome: 'failed', object: operation.objectId }, publicText(error));
      log.warn({ err: error, job: jobId, correlationId: operation.facts.correlationId }, `${operation.description} has failed`);
      throw error;
    }
  }

  async #record<T>(operation: Operation<T>, end: Pick<AuditEntry, 'outcome' | 'object'>, text?: string): Promise<void> {
    const { caller, facts, action, description } = operation;
    const detail = { description, text, ...operation.detail };
    await this.#parts.audit.record({ ...auditOf(caller, facts), ...end, action, detail });
  }

  /** CloudStack may still carry out a job that it has taken: whoever follows abandoned jobs finds out. */
  async #fail(jobId: string, error: unknown): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const isOpen = isPassing(error) || (error instanceof CloudStackError && error.code === 'CLOUDSTACK_JOB_TIMEOUT');
    if (isOpen && (await abandonJob(store, jobId, now))) return;
    await updateJob(store, jobId, { status: 'failed', error: publicText(error), updated_ms: now, ended_ms: now });
  }
}

export interface CommandOptions {
  /** When this command is done, the operation is. */
  readonly isLast?: boolean;
  /** Told the id of the object as soon as CloudStack has named it. */
  readonly onId?: (id: string) => Promise<void>;
}

interface RunParts {
  readonly jobId: string;
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly endMs: number;
}

/** An operation's way to CloudStack: every job of CloudStack is noted before it is waited for, so that it is found again. */
export class OperationRun {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  get jobId(): string {
    return this.#parts.jobId;
  }

  get signal(): AbortSignal {
    return this.#parts.signal;
  }

  /** A command and its job; gives the object that came of it. */
  async cloud(client: CloudStackClient, command: string, params: Params, how: CommandOptions = {}): Promise<unknown> {
    const { signal, clock, endMs, store, jobId } = this.#parts;
    return await client.run(command, params, {
      signal,
      deadlineMs: Math.max(endMs - clock.now(), 1),
      onJob: async (csJobId, id) => {
        await updateJob(store, jobId, { cs_job_id: csJobId, is_last: how.isLast === true ? 1 : 0, updated_ms: clock.now() });
        if (id !== undefined) await how.onId?.(id);
      },
    });
  }
}
