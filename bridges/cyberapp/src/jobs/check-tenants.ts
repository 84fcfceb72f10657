import { every, type Job } from '@fairlead/kernel/jobs';

const DAY_MS = 24 * 3_600_000;
const LIMIT_MS = 30 * 60_000;

/** Mapped tenants are looked at once a day; a data center that fails does not keep the others from it. */
export function checkTenantsJob(checks: readonly ((signal: AbortSignal) => Promise<void>)[]): Job {
  return {
    name: 'cyberapp.check-tenants',
    schedule: every(DAY_MS),
    limitMs: LIMIT_MS,
    run: async (signal) => {
      const failures: unknown[] = [];
      for (const check of checks) {
        signal.throwIfAborted();
        await check(signal).catch((error: unknown) => failures.push(error));
      }
      signal.throwIfAborted();
      if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'tenants could not be checked');
    },
  };
}
