import { type AsyncJob, CloudStackError, readAsyncJob } from '@fairlead/cloudstack';
import type { Clock } from '@fairlead/kernel/clock';
import type { Job } from '@fairlead/ovirt/codec';
import { matches, parseSearch } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import type { Href } from '../map/href.ts';
import { toForeignJob, toJob } from '../map/job.ts';
import { findJob, listJobs, purgeJobs } from '../store/jobs.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { JobRow } from '../store/write-tables.ts';
import type { Caller } from './caller.ts';

interface JobParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly href: Href;
}

export interface JobQuery {
  readonly search: string | undefined;
  readonly caseSensitive: boolean;
  readonly max: number | undefined;
  readonly signal: AbortSignal;
}

const RULES = { fields: ['correlation_id', 'status', 'description', 'id'] };

/** Jobs: those of this gateway by their rows, others by CloudStack (ovirt 5.16). */
export class Jobs {
  readonly #parts: JobParts;

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  /** Throws `OVIRT_WIRE_BAD_SEARCH`. */
  async list(caller: Caller, query: JobQuery): Promise<readonly Job[]> {
    const { expression } = parseSearch(query.search, RULES);
    const rows = await listJobs(this.#parts.store, caller.isRootAdmin ? undefined : caller.subject);
    const found = rows.filter((row) => matches(expression, (field) => fieldOf(row, field), { caseSensitive: query.caseSensitive }));
    const own = found.map((row) => toJob(row, this.#parts.href));
    // Nobody else's job can bear our correlation ids, so a search is answered without CloudStack.
    const foreign = expression === undefined ? await this.#foreign(caller, rows, query.signal) : [];
    return [...own, ...foreign].slice(0, query.max);
  }

  /** Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, id: string, signal: AbortSignal): Promise<Job> {
    const row = await findJob(this.#parts.store, id);
    if (row !== undefined && (caller.isRootAdmin || row.subject === caller.subject)) return toJob(row, this.#parts.href);
    try {
      const job = await caller.client.queryJob(id, { signal });
      return toForeignJob(job, this.#parts.href, this.#parts.clock.now());
    } catch (error) {
      if (error instanceof CloudStackError && error.code === 'CLOUDSTACK_REFUSED')
        throw OvirtError('OVIRT_NOT_FOUND', { id }, { cause: error });
      throw error;
    }
  }

  async purge(endedBeforeMs: number): Promise<void> {
    await purgeJobs(this.#parts.store, endedBeforeMs);
  }

  async #foreign(caller: Caller, rows: readonly JobRow[], signal: AbortSignal): Promise<readonly Job[]> {
    const ours = new Set(rows.map((row) => row.cs_job_id));
    const jobs = await this.#unfinished(caller, signal);
    return jobs.filter((job) => !ours.has(job.jobid)).map((job) => toForeignJob(job, this.#parts.href, this.#parts.clock.now()));
  }

  async #unfinished(caller: Caller, signal: AbortSignal): Promise<readonly AsyncJob[]> {
    const apis = await caller.client.listApis();
    if (!apis.has('listAsyncJobs')) return [];
    return await caller.client.list('listAsyncJobs', readAsyncJob, { listall: true }, { signal });
  }
}

function fieldOf(row: JobRow, field: string): string {
  switch (field) {
    case 'correlation_id':
      return row.correlation_id;
    case 'status':
      return row.status;
    case 'id':
      return row.id;
    default:
      return row.description;
  }
}
