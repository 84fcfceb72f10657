import { Jobs } from '@fairlead/kernel/jobs';
import type { Log } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import type { Store } from '@fairlead/kernel/store';
import type { RunResult } from '../service/push/run.ts';
import { type RunConnectorOptions, runConnectorJob } from './run-connector.ts';

export interface RunOnceParts extends RunConnectorOptions {
  readonly store: Store;
  readonly log: Log;
}

/** How often is looked whether the lease is free. */
const LOOK_MS = 5000;

/**
 * One run of a data center in this process, under the same lease as the runs of gateways: it begins when theirs has ended.
 * Rejects with what the run rejects with, or the reason of `signal`.
 */
export async function runOnce(parts: RunOnceParts, signal: AbortSignal): Promise<RunResult> {
  const { store, clock, log, run } = parts;
  const ended = Promise.withResolvers<RunResult>();
  let isTaken = false;
  const once = async (lease: AbortSignal): Promise<RunResult> => {
    isTaken = true;
    try {
      const result = await run(AbortSignal.any([signal, lease]));
      ended.resolve(result);
      return result;
    } catch (error) {
      ended.reject(error);
      throw error;
    }
  };
  const job = runConnectorJob({ ...parts, run: once, isHurried: true });
  await using jobs = new Jobs([job], { store, clock, log, metrics: new Metrics({ log }) });
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  const hurrying = (async () => {
    while (!isTaken) {
      await jobs.hurry(job.name);
      await clock.sleep(LOOK_MS, waiting);
    }
    await ended.promise;
  })();
  try {
    await Promise.race([ended.promise, hurrying]);
    return await ended.promise;
  } finally {
    over.abort(new Error('the run has ended'));
    await hurrying.catch(() => undefined);
  }
}
