import type { AsyncJob } from '@fairlead/cloudstack';
import type { Job, Step } from '@fairlead/ovirt/codec';
import type { JobRow, JobStatus } from '../store/write-tables.ts';
import { cloudDate } from './date.ts';
import type { Href } from './href.ts';
import { linksOf } from './link.ts';

/** CloudStack's `jobstatus`: 0 pending, 1 done, 2 failed (ovirt 5.16). */
const STATUS: Readonly<Record<number, JobStatus>> = { 0: 'started', 1: 'finished', 2: 'failed' };

/** A job that this gateway has begun. */
export function toJob(row: JobRow, href: Href): Job {
  return {
    id: row.id,
    href: href('jobs', row.id),
    description: row.error === null ? row.description : `${row.description}: ${row.error}`,
    auto_cleared: true,
    external: true,
    start_time: row.started_ms,
    last_updated: row.updated_ms,
    end_time: row.ended_ms ?? undefined,
    status: row.status,
    owner: { name: row.user_id },
    link: linksOf(href, ['jobs', row.id], ['steps']),
  };
}

/** A job of CloudStack that somebody else has begun. */
export function toForeignJob(job: AsyncJob, href: Href, nowMs: number): Job {
  const started = cloudDate(job.created);
  const ended = cloudDate(job.completed);
  return {
    id: job.jobid,
    href: href('jobs', job.jobid),
    description: commandOf(job),
    auto_cleared: true,
    external: true,
    start_time: started,
    last_updated: ended ?? nowMs,
    end_time: ended,
    status: STATUS[job.jobstatus] ?? 'unknown',
    owner: { name: job.account },
    link: linksOf(href, ['jobs', job.jobid], ['steps']),
  };
}

/** Every job has one step that goes as it goes itself. Its id is the job's. */
export function toStep(job: Job, href: Href): Step {
  const id = job.id ?? '';
  return {
    id,
    href: href('jobs', id, 'steps', id),
    description: job.description,
    external: true,
    number: 0,
    progress: job.status === 'finished' ? 100 : 0,
    start_time: job.start_time,
    end_time: job.end_time,
    status: job.status,
    type: 'executing',
    job: { href: href('jobs', id), id },
  };
}

/** `cmd` is a Java class whose name differs by role: `StopVMCmdByAdmin` (ovirt 5.16). */
function commandOf(job: AsyncJob): string {
  const name = job.cmd?.split('.').at(-1) ?? 'CloudStack job';
  return name.replace(/Cmd(ByAdmin)?$/, '');
}
