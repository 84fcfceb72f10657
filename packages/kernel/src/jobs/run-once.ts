import { newUuid } from '../ids/index.ts';
import { guardLease, LEASE_MS } from './guard.ts';
import type { Job, JobsParts } from './jobs.ts';
import { JobRows } from './rows.ts';

/** How often a job that another works on is looked at. */
const LOOK_MS = 1000;

/**
 * Runs a job now although it is not due, once nobody else works on it, and keeps others from it meanwhile: for an operator beside running
 * gateways. Their next run comes no later for it. Rejects with what the run throws, and with the reason of the signal.
 */
export async function runOnce(
  job: Job,
  { store, clock, log }: Pick<JobsParts, 'store' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const rows = new JobRows(store);
  const holder = newUuid();
  await rows.declare(job.name, job.schedule);
  signal.throwIfAborted();
  while (!(await rows.takeEarly(job.name, holder, LEASE_MS))) await clock.sleep(LOOK_MS, signal);
  const over = new AbortController();
  const guard = guardLease({ rows, clock, log }, { ...job, holder }, over);
  try {
    await job.run(AbortSignal.any([signal, over.signal]));
  } finally {
    over.abort();
    await guard;
    await rows.endEarly(job.name, holder, job.schedule.next(clock.now()));
  }
}
