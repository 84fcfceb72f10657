import { parseCron } from './cron.ts';

/** When a job is due. Times are UTC. */
export interface Schedule {
  /** As it stands in the row: another text makes the job due anew. */
  readonly text: string;
  /** The first time, for a job that nobody has run yet. */
  first(nowMs: number): number;
  /** The time after a run that went well. */
  next(nowMs: number): number;
  /** Longest wait after a failure. */
  readonly longestRetryMs: number;
}

const HOUR_MS = 3_600_000;

/** At once, and then so long after each end. */
export function every(ms: number): Schedule {
  return { text: `every ${ms} ms`, first: (now) => now, next: (now) => now + ms, longestRetryMs: Math.min(ms, HOUR_MS) };
}

/** Five fields as in crontab(5), in UTC: minute, hour, day of month, month, day of week. Throws `TypeError` for anything else. */
export function cron(text: string): Schedule {
  const next = parseCron(text);
  return { text: `cron ${text}`, first: next, next, longestRetryMs: HOUR_MS };
}

const FIRST_RETRY_MS = 5000;

/** The wait after so many failures in a row: doubling, and a random half of it, so that gateways do not come back together. */
export function retryDelayMs(failures: number, longestMs: number, random: () => number): number {
  const full = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30), Math.max(longestMs, FIRST_RETRY_MS));
  return Math.round(full / 2 + (full / 2) * random());
}
