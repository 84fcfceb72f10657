import { isRecord, redact, singleValue } from './answer.ts';
import { CloudStackError } from './errors.ts';
import type { AsyncJob } from './schema/async-job.ts';
import { type CloudStackClock, sleep } from './wait.ts';

/** A job that ended well. */
export interface JobResult {
  readonly jobId: string;
  /** The job's object: the inside of the only key of `jobresult`, or all of it (`{success: true}`). */
  readonly result: unknown;
  readonly job: AsyncJob;
}

/** How a job is followed. */
interface FollowOptions {
  readonly jobId: string;
  /** One poll. */
  readonly query: (jobId: string) => Promise<AsyncJob>;
  readonly clock: CloudStackClock;
  readonly deadlineMs: number;
  readonly secrets: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** How often in a row a poll may fail to reach the server before we give up: a management server restarts in a minute. */
const MAX_LOST_POLLS = 20;

/** The waits between polls, in ms: 500, 1000, 2000, 3000 …, at most 5000 (ovirt spec 9.4). */
export function backOff(poll: number): number {
  return poll === 0 ? 500 : Math.min(poll * 1000, 5000);
}

/**
 * Polls until the job has ended.
 * @throws CloudStackError `CLOUDSTACK_JOB_FAILED`, `CLOUDSTACK_JOB_TIMEOUT`, or that of a poll
 */
export async function followJob(options: FollowOptions): Promise<JobResult> {
  const { jobId, clock, signal } = options;
  const end = clock.now() + options.deadlineMs;
  let lost = 0;
  for (let poll = 0; ; poll++) {
    signal?.throwIfAborted();
    const job = await options.query(jobId).catch((error: unknown) => {
      lost += 1;
      if (lost > MAX_LOST_POLLS || !isPassing(error)) throw error;
      return undefined;
    });
    if (job !== undefined) lost = 0;
    if (job?.jobstatus === 1) return { jobId, result: jobObject(job.jobresult), job };
    if (job?.jobstatus === 2) throw jobFailed(job, options.secrets);
    const wait = Math.min(backOff(poll), end - clock.now());
    if (wait <= 0) throw jobTimeout(jobId, options.deadlineMs);
    await sleep(clock, wait, signal);
  }
}

/** The inside of a job's (or a synchronous answer's) only key when that is an object, else all of it. */
export function jobObject(result: unknown): unknown {
  const inner = singleValue(result);
  return isRecord(inner) ? inner : result;
}

function jobFailed(job: AsyncJob, secrets: readonly string[]): CloudStackError {
  const result = isRecord(job.jobresult) ? job.jobresult : {};
  const errorCode = typeof result.errorcode === 'number' ? result.errorcode : job.jobresultcode;
  const csErrorCode = typeof result.cserrorcode === 'number' ? result.cserrorcode : undefined;
  const raw = typeof job.jobresult === 'string' ? job.jobresult : result.errortext;
  const errorText = typeof raw === 'string' ? redact(raw, secrets) : undefined;
  const command = job.cmd?.split('.').at(-1) ?? 'job';
  const message = `the CloudStack job ${command} failed: ${errorCode ?? ''} ${errorText ?? ''}`.trim();
  return new CloudStackError('CLOUDSTACK_JOB_FAILED', message, { command, errorCode, csErrorCode, errorText, jobId: job.jobid });
}

function jobTimeout(jobId: string, deadlineMs: number): CloudStackError {
  const text = `the CloudStack job ${jobId} did not end in ${deadlineMs} ms`;
  return new CloudStackError('CLOUDSTACK_JOB_TIMEOUT', text, { command: 'queryAsyncJobResult', jobId });
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof CloudStackError)) return false;
  if (error.code === 'CLOUDSTACK_BAD_ANSWER') return (error.httpStatus ?? 0) >= 500;
  return error.code === 'CLOUDSTACK_UNREACHABLE' || error.code === 'CLOUDSTACK_TIMEOUT' || error.code === 'CLOUDSTACK_RATE_LIMITED';
}
