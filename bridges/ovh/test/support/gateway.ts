import { join } from 'node:path';
import { Audit } from '@fairlead/kernel/audit';
import { loadConfig } from '@fairlead/kernel/config';
import { AsyncScope, type BridgeContext, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Scrubber } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import type { Authority } from '@fairlead/kernel/tls';
import type { FakeOvh } from '@fairlead/ovh/fake';
import { captureLog } from '@fairlead/testkit/capture';
import { TurnableClock } from '@fairlead/testkit/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { bridge } from '../../src/index.ts';

export const SERVER_SECRET = 'a server secret of the tests, long enough';

export interface GatewayOptions {
  /** The sections of the bridge. */
  readonly config: string;
  /** Where relative paths count from. */
  readonly folder?: string;
  readonly clock?: TurnableClock;
  /** A store that others use too; one in memory without. */
  readonly storeUrl?: string;
  /** Stands before the store. */
  readonly wrap?: (store: Store) => Store;
}

/** The lines of an account with the keys of a fake. */
export function accountLines(name: string, fake: FakeOvh, more: readonly string[] = []): string {
  const { applicationKey, applicationSecret, consumerKey } = fake.keys;
  return [
    `[ovh ${name}]`,
    `endpoint = ${fake.apiUrl}`,
    `application_key = ${applicationKey}`,
    `application_secret = ${applicationSecret}`,
    `consumer_key = ${consumerKey}`,
    ...more,
    '',
  ].join('\n');
}

export function settingsOf(text: string, folder = '/etc') {
  return loadConfig({ file: join(folder, 'fairlead.ini'), text, env: {}, sections: bridge.config });
}

/** The bridge as the gateway starts it; its jobs run when a test says so. */
export async function startGateway({ config, folder, clock = new TurnableClock(), storeUrl, wrap = (store) => store }: GatewayOptions) {
  await using scope = new AsyncScope();
  const stateDir = scope.use(await tempDir('ovh-')).path;
  const scrubber = new Scrubber();
  const captured = captureLog({ scrubber });
  const { log } = captured;
  const opened = scope.use(await openStore({ stateDir, log, clock, url: storeUrl ?? ':memory:' }));
  await migrate(opened, [...kernelMigrations, ...bridge.migrations]);
  const store = wrap(opened);
  const secrets = new Secrets(SERVER_SECRET);
  const metrics = new Metrics({ log });
  const services = new ServiceRegistry();
  const server = { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/', stateDir, runDir: join(stateDir, 'run') };
  const context: BridgeContext = {
    ...{ store, clock, log, scrubber, secrets, metrics, services, server },
    audit: new Audit({ store, log, metrics }),
    sessions: new Sessions({ store, secrets, clock }),
    limits: new Limits({ store, clock }),
    // This bridge has no listener.
    authority: {} as Authority,
  };
  const running = scope.use(await bridge.start(context, settingsOf(config, folder).values(...bridge.config)));
  const job =
    (name: string) =>
    async (signal = AbortSignal.timeout(30_000)) => {
      await running.jobs?.find((one) => one.name === name)?.run(signal);
    };
  const inventory = services.get('inventory.ovh');
  const held = scope.move();
  return {
    ...{ running, captured, metrics, clock, store, inventory },
    refresh: job('ovh.refresh-inventory'),
    checkKeys: job('ovh.check-keys'),
    list: () => inventory.list(AbortSignal.timeout(5000)),
    conditions: () => inventory.conditions(AbortSignal.timeout(5000)),
    health: async () => (await running.health(AbortSignal.timeout(5000))).facts,
    page: async () => (await metrics.page()).text,
    reload: (text: string) => running.reload?.(settingsOf(text, folder).values(...bridge.config)) ?? Promise.resolve(),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
