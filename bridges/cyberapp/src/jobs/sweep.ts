import { every, type Job } from '@fairlead/kernel/jobs';

const MINUTE_MS = 60_000;

/** What has served its time: answers to writes, and tokens of passwords. */
export function sweepJob(sweeps: readonly (() => Promise<unknown>)[]): Job {
  return {
    name: 'cyberapp.sweep-rows',
    schedule: every(10 * MINUTE_MS),
    limitMs: MINUTE_MS,
    run: async (signal) => {
      for (const sweep of sweeps) {
        signal.throwIfAborted();
        await sweep();
      }
    },
  };
}
