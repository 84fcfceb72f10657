import { mkdir, readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { importObjects } from '@fairlead/bridge-cce';
import { systemClock } from '@fairlead/kernel/clock';
import { type LoadedConfig, ServerSection } from '@fairlead/kernel/config';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, type Store } from '@fairlead/kernel/store';
import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { allMigrations, openConfiguredStore, openForLooking } from '../../compose/state.ts';
import { formatTable, type Output } from '../../output.ts';
import type { LinkOptions } from './link.ts';
import { cceSettingsOf } from './settings.ts';
import { standAloneConfig } from './stand-alone.ts';

export type ImportOptions = Pick<LinkOptions, 'config' | 'socket' | 'url'> & { readonly data?: string; readonly json?: boolean };

/**
 * Puts the objects of a file into the database of the embedded engine, all that are missing or none, and says what was there already. A gateway on the
 * same store may run meanwhile; its handlers are not run and nobody is told. Throws `CCE_IMPORT`, `CLI_USAGE`, `CLI_STORE_OTHER_VERSION`, `FAIRLEAD_STORE`.
 */
export async function importFile(file: string, options: ImportOptions, output: Output): Promise<void> {
  if (options.socket !== undefined || options.url !== undefined)
    throw CliError('CLI_USAGE', {
      reason: 'import goes into the store of a configuration (-c) or of a folder (--data), not over a socket',
    });
  const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  const config = await configurationOf(options);
  await using store = await openStoreOf(config);
  const parts = { store, clock: systemClock, log: silentLog(), settings: cceSettingsOf(config) };
  const { put, there } = await importObjects(parts, file === '-' ? 'the standard input' : file, text);
  if (options.json === true) {
    output.print(JSON.stringify({ put, there }));
    return;
  }
  output.print(`${put} objects were put.`);
  if (there.length === 0) return;
  output.print(`${there.length} were there already and stay as they are:`);
  output.print(formatTable([['oid', 'class'], ...there.map(({ oid, class: name }) => [String(oid), name])]));
}

async function configurationOf({ config: file, data }: ImportOptions): Promise<LoadedConfig> {
  if (data === undefined) return loadConfiguration({ file });
  return loadConfiguration({ text: await standAloneConfig(data) });
}

/** A store that was used before is only taken when it is of this version. */
async function openStoreOf(config: LoadedConfig): Promise<Store> {
  const used = await openForLooking(config);
  if (used !== undefined) return used;
  const { server } = config.values(ServerSection);
  await mkdir(server.state_dir, { recursive: true, mode: 0o750 });
  await using scope = new AsyncScope();
  const store = scope.use(await openConfiguredStore(config, { log: silentLog(), clock: systemClock }));
  await migrate(store, allMigrations);
  scope.move();
  return store;
}
