import { every, type Job } from '@fairlead/kernel/jobs';
import type { KeyCheck } from '../service/key-check.ts';

/** How often is looked which account is due; each has its own time. */
const LOOK_MS = 60_000;
const LIMIT_MS = 2 * 60_000;

export function checkKeysJob(check: KeyCheck): Job {
  return { name: 'ovh.check-keys', schedule: every(LOOK_MS), limitMs: LIMIT_MS, run: (signal) => check.runDue(signal) };
}
