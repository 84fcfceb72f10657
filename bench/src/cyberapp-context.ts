import { join } from 'node:path';
import { bridge } from '@fairlead/bridge-cyberapp';
import { Audit } from '@fairlead/kernel/audit';
import { systemClock } from '@fairlead/kernel/clock';
import { loadConfig } from '@fairlead/kernel/config';
import { AsyncScope, type BridgeContext, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { createLog } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { loadAuthority } from '@fairlead/kernel/tls';

export const APP = 'acme.fairlead';
export const DATACENTER = 'eu8';

/** All that the bridge is given by a gateway, with a new SQLite store in a folder. */
export async function cyberappContext(folder: string): Promise<BridgeContext & AsyncDisposable> {
  await using scope = new AsyncScope();
  const clock = systemClock;
  const log = createLog({ file: join(folder, 'gateway.log') });
  const store = scope.use(await openStore({ stateDir: folder, log, clock }));
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const authority = await loadAuthority({ ssl: {}, stateDir: folder, names: ['127.0.0.1'], clock, log, defaultDir: folder });
  const secrets = new Secrets('a made up secret of the benches '.repeat(2));
  const metrics = new Metrics({ log });
  const held = scope.move();
  return {
    ...{ store, clock, log, authority, secrets, metrics },
    audit: new Audit({ store, log, metrics }),
    limits: new Limits({ store, clock }),
    sessions: new Sessions({ store, secrets, clock }),
    services: new ServiceRegistry(),
    server: { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/', stateDir: folder, runDir: folder },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** The bridge's part of a configuration. */
export function cyberappSettings(text: string) {
  return loadConfig({ text, env: {}, sections: [...bridge.config] }).values(...bridge.config);
}
