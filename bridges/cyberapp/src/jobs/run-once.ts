import { runOnce as runJobOnce } from '@fairlead/kernel/jobs';
import type { Log } from '@fairlead/kernel/log';
import type { Store } from '@fairlead/kernel/store';
import type { RunResult } from '../service/push/run.ts';
import { type RunConnectorOptions, runConnectorJob } from './run-connector.ts';

export interface RunOnceParts extends RunConnectorOptions {
  readonly store: Store;
  readonly log: Log;
}

/**
 * One run of a data center in this process, under the same lease as the runs of gateways: it begins when theirs has ended.
 * Rejects with what the run rejects with, or the reason of `signal`.
 */
export async function runOnce(parts: RunOnceParts, signal: AbortSignal): Promise<RunResult> {
  const ended: RunResult[] = [];
  const run = async (lease: AbortSignal): Promise<RunResult> => {
    const result = await parts.run(lease);
    ended.push(result);
    return result;
  };
  await runJobOnce(runConnectorJob({ ...parts, run, isHurried: true }), parts, signal);
  return ended[0] as RunResult;
}
