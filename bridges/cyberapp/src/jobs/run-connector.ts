import type { Clock } from '@fairlead/kernel/clock';
import type { Job, Schedule } from '@fairlead/kernel/jobs';
import type { RunResult } from '../service/push/run.ts';

const MINUTE_MS = 60_000;
/** A first run of a large provider takes its time; what is left after this goes on in the next one. */
const LIMIT_MS = 6 * 60 * MINUTE_MS;
const FIRST_DELAY_MS = 30_000;

export interface RunConnectorOptions {
  readonly datacenterId: string;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
  readonly run: (signal: AbortSignal) => Promise<RunResult>;
  /** Without the first wait: somebody looks on. */
  readonly isHurried?: boolean;
}

/**
 * Runs of one data center: the row of the job is its lease, so that each data center has one gateway, and another one can take it over
 * (cyberapp 4.9). After an interval give or take a tenth, or sooner when something waits; a gateway that starts waits up to 30 s.
 */
export function runConnectorJob(options: RunConnectorOptions): Job {
  const { datacenterId, intervalMs, clock, random = Math.random, run, isHurried = false } = options;
  let isFirst = !isHurried;
  let dueMs: number | undefined;
  const schedule: Schedule = {
    text: `every ${intervalMs} ms, give or take a tenth`,
    first: (now) => now,
    next: (now) => {
      const usual = now + Math.round(intervalMs * (0.9 + 0.2 * random()));
      return dueMs === undefined ? usual : Math.min(usual, Math.max(dueMs, now + MINUTE_MS));
    },
    longestRetryMs: intervalMs,
  };
  return {
    name: `cyberapp.connector.${datacenterId}`,
    schedule,
    limitMs: LIMIT_MS,
    run: async (signal) => {
      dueMs = undefined;
      const delay = isFirst ? random() * FIRST_DELAY_MS : 0;
      if (delay > 0) await clock.sleep(delay, signal);
      isFirst = false;
      ({ dueMs } = await run(signal));
    },
  };
}
