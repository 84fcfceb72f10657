import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { type LoadedConfig, SecuritySection, ServerSection, StoreSection } from '@fairlead/kernel/config';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { type Log, silentLog } from '@fairlead/kernel/log';
import { type GatewayName, Secrets } from '@fairlead/kernel/secrets';
import { kernelMigrations, type Migration, openStore, pendingMigrations, type QueryListener, type Store } from '@fairlead/kernel/store';
import { bridges } from '../bridges.ts';
import { CliError } from '../cli-errors.ts';

/** Every step of the schema of this binary. */
export const allMigrations: readonly Migration[] = [...kernelMigrations, ...bridges.flatMap((bridge) => bridge.migrations)];

/** Whether the store was ever used; a PostgreSQL is asked, not guessed. */
export function hasStore(config: LoadedConfig): boolean {
  const { store, server } = config.values(StoreSection, ServerSection);
  const url = store.url ?? `sqlite:${join(server.state_dir, 'fairlead.db')}`;
  return !url.startsWith('sqlite:') || existsSync(url.slice('sqlite:'.length));
}

/** The store that `[store]` names. Throws `FAIRLEAD_STORE`. */
export function openConfiguredStore(
  config: LoadedConfig,
  parts: { readonly log: Log; readonly clock: Clock; readonly onQuery?: QueryListener },
): Promise<Store> {
  const { store, server } = config.values(StoreSection, ServerSection);
  return openStore({ url: store.url, stateDir: server.state_dir, ...parts });
}

/** The store for a command that only looks: `undefined` while it was never used. Throws `CLI_STORE_OTHER_VERSION`, `FAIRLEAD_STORE`. */
export async function openForLooking(config: LoadedConfig): Promise<Store | undefined> {
  if (!hasStore(config)) return undefined;
  await using scope = new AsyncScope();
  const store = scope.use(await openConfiguredStore(config, { log: silentLog(), clock: systemClock }));
  const pending = await pendingMigrations(store, allMigrations);
  if (pending.length === allMigrations.length) return undefined;
  if (pending.length > 0) throw CliError('CLI_STORE_OTHER_VERSION', { steps: pending.join(', ') });
  scope.move();
  return store;
}

/** The server secret with the one that is accepted beside it. */
export function serverSecrets(config: LoadedConfig): Secrets {
  const { hmac_secret: current, former_hmac_secret: former } = config.value(SecuritySection);
  return new Secrets(current, former === undefined ? [] : [former]);
}

/** The same machine, folder and port are the same gateway, after a restart too. */
export function gatewayName(server: { readonly state_dir: string; readonly port: number }): GatewayName {
  return { id: `${hostname()}:${server.state_dir}:${server.port}`, name: `${hostname()}:${server.port}` };
}
