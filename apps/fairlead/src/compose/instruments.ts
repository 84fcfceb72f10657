import { httpMetrics } from '@fairlead/http';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import {
  buildMetrics,
  type InstrumentTable,
  kernelMetrics,
  Metrics,
  sessionMetrics,
  storeMetrics,
  tlsMetrics,
} from '@fairlead/kernel/metrics';
import type { QueryListener } from '@fairlead/kernel/store';
import { bridges } from '../bridges.ts';
import { VERSION } from '../version.ts';
import { askStore } from './health.ts';

const DAY_MS = 86_400_000;

/** Every instrument of this binary, for the reference. */
export const instruments: readonly InstrumentTable[] = [...kernelMetrics, httpMetrics, ...bridges.flatMap((bridge) => bridge.metrics)];

/** The metrics of a gateway, with what holds for the process as a whole. */
export function makeMetrics(log: Log): Metrics {
  const metrics = new Metrics({ log });
  metrics.watchProcess();
  metrics.use(buildMetrics).info.set({ version: VERSION, node: process.versions.node }, 1);
  return metrics;
}

/** Counts and times every statement. */
export function watchQueries(metrics: Metrics): QueryListener {
  const { queries } = metrics.use(storeMetrics);
  return ({ operation, ms, failed }) => queries.observe({ operation, outcome: failed ? 'error' : 'ok' }, ms / 1000);
}

/** The gauges of the kernel that are read when Prometheus asks. */
export function watchKernel(context: Pick<BridgeContext, 'metrics' | 'store' | 'sessions' | 'limits' | 'authority' | 'clock'>): void {
  const { metrics, store, sessions, limits, authority, clock } = context;
  const { open, banned } = metrics.use(sessionMetrics);
  const byFace = (counts: ReadonlyMap<string, number>) => [...counts].map(([face, value]) => ({ labels: { face }, value }));
  open.collect(async () => byFace(await sessions.count()));
  banned.collect(async () => byFace(await limits.countBanned()));
  metrics.use(storeMetrics).up.collect(async () => [{ labels: {}, value: (await askStore(store)).ok ? 1 : 0 }]);
  metrics.use(tlsMetrics).days.collect(() =>
    Object.entries(authority.ends()).map(([certificate, endMs]) => ({
      labels: { certificate: certificate as 'control' | 'data' | 'authority' },
      value: (endMs - clock.now()) / DAY_MS,
    })),
  );
}
