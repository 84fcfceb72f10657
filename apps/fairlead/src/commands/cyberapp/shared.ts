import { bridge, Organizations, Users } from '@fairlead/bridge-cyberapp';
import { Audit } from '@fairlead/kernel/audit';
import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, type Store } from '@fairlead/kernel/store';
import { loadConfiguration } from '../../compose/configuration.ts';
import { allMigrations, openConfiguredStore, serverSecrets } from '../../compose/state.ts';
import { formatTable, type Output } from '../../output.ts';

/** Of every command below `fairlead cyberapp`. */
export interface CareOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** What the commands work on: the store of the configuration, whether the gateway runs or not. */
export interface Desk {
  readonly config: LoadedConfig;
  readonly settings: ReturnType<typeof settingsOf>;
  readonly store: Store;
  readonly organizations: Organizations;
  readonly users: Users;
  readonly audit: Audit;
}

/** Opens the store, bringing it up to date first. Throws `FAIRLEAD_CONFIG`, `FAIRLEAD_STORE`. */
export async function withDesk<T>(options: CareOptions, work: (desk: Desk) => Promise<T>): Promise<T> {
  const config = loadConfiguration({ file: options.config });
  await using scope = new AsyncScope();
  const log = silentLog();
  const store = scope.use(await openConfiguredStore(config, { log, clock: systemClock }));
  await migrate(store, allMigrations);
  const settings = settingsOf(config);
  const cost = { memory: settings.argon2_memory_kib, passes: settings.argon2_time, parallelism: settings.argon2_parallelism };
  const users = new Users({ store, secrets: serverSecrets(config), cost });
  return await work({ config, settings, store, users, organizations: new Organizations(store), audit: new Audit({ store, log }) });
}

function settingsOf(config: LoadedConfig) {
  return config.value(bridge.config[0]);
}

/** A list as a table, or as JSON with every member. */
export function printRows(
  rows: readonly Readonly<Record<string, string | number | boolean | null>>[],
  columns: readonly string[],
  options: CareOptions,
  output: Output,
): void {
  if (options.json === true) output.print(JSON.stringify(rows));
  else output.print(formatTable([columns, ...rows.map((row) => columns.map((column) => shown(row[column])))]));
}

/** What somebody typed must not speak to the terminal. */
export function shown(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value).replaceAll(/\p{C}/gu, '\uFFFD');
}

export function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Everything that an operator changes is recorded as his. */
export async function recordChange(
  audit: Audit,
  action: string,
  object: string,
  detail: Readonly<Record<string, string | boolean>> = {},
): Promise<void> {
  await audit.record({ face: 'cyberapp', actor: 'operator', action, object, outcome: 'ok', detail });
}
