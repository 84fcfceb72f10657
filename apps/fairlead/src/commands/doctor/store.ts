import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { silentLog } from '@fairlead/kernel/log';
import { storeTime } from '@fairlead/kernel/store';
import { CliError } from '../../cli-errors.ts';
import { hasStore, openConfiguredStore } from '../../compose/state.ts';
import { EXIT } from '../../exit-codes.ts';
import { readUsage, type SecretUsage } from '../secret/usage.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

const SKEW_MS = 5000;

/** The store answers, goes by the same clock, and holds nothing that the server secrets cannot read. */
export async function examineStore(config: LoadedConfig): Promise<readonly Finding[]> {
  if (!hasStore(config)) return [ok('store', 'it will be made at the start')];
  try {
    await using store = await openConfiguredStore(config, { log: silentLog(), clock: systemClock });
    const skewMs = (await storeTime(store)) - systemClock.now();
    return [ok('store', `${store.dialect} answers`), clock(skewMs), secret(await readUsage(config))];
  } catch (error) {
    if (CliError.is(error, 'CLI_STORE_OTHER_VERSION')) return [warning('store', error.message, 'The next start brings it up to date.')];
    return [
      failed('store', `cannot be used: ${reasonOf(error)}`, {
        help: 'Check [store] url and the rights of this user.',
        exit: EXIT.unreachable,
      }),
    ];
  }
}

function clock(skewMs: number): Finding {
  const text = `the clock of the store differs by ${Math.round(Math.abs(skewMs) / 1000)} s`;
  return Math.abs(skewMs) > SKEW_MS
    ? warning('clock', text, 'Let both machines follow the same time (NTP): leases and bans go by it.')
    : ok('clock', text);
}

function secret({ secrets, sealed }: SecretUsage): Finding {
  const unknown = [...sealed].filter(([id]) => !secrets.keyIds.includes(id));
  if (unknown.length === 0) return ok('server secret', 'every sealed row can be read');
  const rows = unknown.reduce((sum, [, count]) => sum + count, 0);
  return failed('server secret', `${rows} sealed rows cannot be read (key ids ${unknown.map(([id]) => id).join(', ')})`, {
    help: 'Put the secret of that time into [security] former_hmac_secret.',
    exit: EXIT.configuration,
  });
}
