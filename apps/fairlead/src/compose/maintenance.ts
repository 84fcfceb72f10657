import type { Job } from '@fairlead/kernel/jobs';
import { every } from '@fairlead/kernel/jobs';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { type DigestColumn, gatewaysAlive, kernelDigests, kernelSealed, resealRows, type SealedColumn } from '@fairlead/kernel/secrets';
import { bridges } from '../bridges.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Every column of this binary that is sealed, and every one of digests under the server secret. */
export const sealedColumns: readonly SealedColumn[] = [...kernelSealed, ...bridges.flatMap((bridge) => bridge.sealed)];
export const digestColumns: readonly DigestColumn[] = [...kernelDigests, ...bridges.flatMap((bridge) => bridge.digests)];

export type MaintenanceContext = Pick<BridgeContext, 'audit' | 'sessions' | 'limits' | 'secrets' | 'store' | 'log'>;

/** What one gateway of a cluster does so that the store stays small and readable. */
export function maintenanceJobs(context: MaintenanceContext, { auditKeepMs }: { readonly auditKeepMs: number }): readonly Job[] {
  const { audit, sessions, limits, log } = context;
  const sweep = (name: string, ms: number, work: () => Promise<number>): Job => ({
    name,
    schedule: every(ms),
    limitMs: 10 * MINUTE_MS,
    run: async () => {
      const removed = await work();
      if (removed > 0) log.info({ job: name, removed }, 'rows that have served their time are gone');
    },
  });
  return [
    sweep('kernel.sweep-audit', DAY_MS, () => audit.sweep(auditKeepMs)),
    sweep('kernel.sweep-sessions', HOUR_MS, () => sessions.sweep()),
    sweep('kernel.sweep-limits', HOUR_MS, () => limits.sweep()),
    { name: RESEAL_JOB, schedule: every(HOUR_MS), limitMs: HOUR_MS, run: (signal) => reseal(context, signal) },
  ];
}

export const RESEAL_JOB = 'kernel.reseal-rows';

async function reseal({ store, secrets, log }: MaintenanceContext, signal: AbortSignal): Promise<void> {
  // While gateways change to another secret one by one, each would undo what the other has done; the last one does it.
  if ((await gatewaysAlive(store)).some((gateway) => gateway.keyId !== secrets.keyId)) return;
  const { resealed, unreadable } = await resealRows(sealedColumns, { store, secrets, signal });
  if (resealed > 0) log.info({ resealed, keyId: secrets.keyId }, 'rows of a former server secret are sealed under the current one');
  if (unreadable > 0) log.warn({ unreadable }, 'sealed rows cannot be read: the server secret of their time is not known');
}
