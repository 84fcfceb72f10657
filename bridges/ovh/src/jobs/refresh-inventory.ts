import { every, type Job } from '@fairlead/kernel/jobs';
import type { Refresh } from '../service/refresh.ts';

/** How often is looked which account is due; each has its own time. */
const LOOK_MS = 10_000;
/** Each account has a limit of its own, which is sooner unless `[ovh] refresh` is very long. */
const LIMIT_MS = 24 * 3_600_000;

export function refreshInventoryJob(refresh: Refresh): Job {
  return { name: 'ovh.refresh-inventory', schedule: every(LOOK_MS), limitMs: LIMIT_MS, run: (signal) => refresh.runDue(signal) };
}
