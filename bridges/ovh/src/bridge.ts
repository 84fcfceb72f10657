import { AsyncScope, type Bridge, type BridgeContext, type RunningBridge } from '@fairlead/kernel/lifecycle';
import type { FastifyInstance } from 'fastify';
import { accountsOf } from './accounts.ts';
import { type OvhSettings, sections } from './config.ts';
import { OvhBridgeError } from './errors.ts';
import { checkKeysJob } from './jobs/check-keys.ts';
import { refreshInventoryJob } from './jobs/refresh-inventory.ts';
import { ovhMetrics } from './metrics.ts';
import { Accounts } from './service/accounts.ts';
import { ClockWatch } from './service/clock-watch.ts';
import { healthOf } from './service/health.ts';
import { OvhInventory } from './service/inventory.ts';
import { KeyCheck } from './service/key-check.ts';
import { watchNumbers } from './service/numbers.ts';
import { Refresh } from './service/refresh.ts';
import { CheckRows } from './store/checks.ts';
import { ItemRows } from './store/items.ts';
import { migrations } from './store/migrations.ts';

/** What the accounts at OVHcloud run. It reads and changes nothing there, and has no face: the console's is still missing. */
export const bridge: Bridge<typeof sections, FastifyInstance> = {
  id: 'ovh',
  title: 'OVHcloud accounts',
  config: sections,
  errors: OvhBridgeError.specs,
  migrations,
  metrics: [ovhMetrics],
  sealed: [],
  digests: [],
  start,
};

const DAY_MS = 86_400_000;

async function start(context: BridgeContext, config: OvhSettings): Promise<RunningBridge<FastifyInstance>> {
  await using scope = new AsyncScope();
  let settings = config.ovh;
  const { clock, store } = context;
  const instruments = context.metrics.use(ovhMetrics);
  const accounts = scope.use(new Accounts({ context, instruments }));
  accounts.take(accountsOf(config));
  const rows = { checks: new CheckRows(store), items: new ItemRows(store) };
  const refreshMs = () => settings.refresh;
  const refresh = new Refresh({ context, accounts, ...rows, instruments, refreshMs });
  const keys = new KeyCheck({ context, accounts, checks: rows.checks, expiryMs: () => settings.expiry_days * DAY_MS });
  const clockWatch = new ClockWatch({ context, accounts, instruments });
  context.services.provide('inventory.ovh', new OvhInventory({ accounts, ...rows, clock, refreshMs }));
  watchNumbers({ accounts, ...rows, clock, instruments });
  const stopping = new AbortController();
  const watching = clockWatch.run(stopping.signal);
  scope.defer(async () => {
    stopping.abort(new Error('the gateway is stopping'));
    await watching;
  });
  const held = scope.move();
  return {
    plugins: [],
    jobs: [refreshInventoryJob(refresh), checkKeysJob(keys)],
    health: () => healthOf({ accounts, ...rows, clockWatch, clock }),
    reload: async (anew) => {
      const next = anew as OvhSettings;
      accounts.take(accountsOf(next));
      settings = next.ovh;
      context.log.info({ accounts: accounts.names }, 'the accounts at OVHcloud are read anew');
    },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
