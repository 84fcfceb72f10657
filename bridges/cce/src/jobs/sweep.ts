import { every, type Job } from '@fairlead/kernel/jobs';

const MINUTE_MS = 60_000;

/** What has served its time: queues of transactions, kept answers. */
export function sweepJob(sweeps: readonly (() => Promise<void>)[]): Job {
  return {
    name: 'cce.sweep-rows',
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
