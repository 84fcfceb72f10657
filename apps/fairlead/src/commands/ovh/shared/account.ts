import { ovhAccounts } from '@fairlead/bridge-ovh';
import type { ClientOptions } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { loadConfiguration } from '../../../compose/configuration.ts';
import type { ClientWords } from './client.ts';

/**
 * What the gateway makes the client of an account with (ovh 11.1): no variable and no other file steers it.
 * Throws `CLI_OVH_NOT_FOUND`, `CLI_USAGE`, `OVH_BRIDGE_*`, `FAIRLEAD_CONFIG`.
 */
export function accountOptions(name: string, { config: file, profile, endpoint, tokenUrl }: Omit<ClientWords, 'account'>): ClientOptions {
  if (profile !== undefined || endpoint !== undefined || tokenUrl !== undefined)
    throw CliError('CLI_USAGE', {
      reason: '--account brings its own endpoint and profile: leave --profile, --endpoint and --token-url away',
    });
  const accounts = ovhAccounts(loadConfiguration({ file }));
  const account = accounts.find((one) => one.name === name);
  if (account !== undefined) return account.options;
  const known = accounts.map((one) => one.name).join(', ') || 'none';
  throw CliError('CLI_OVH_NOT_FOUND', { reason: `fairlead.ini has no account [ovh ${name}]; it has: ${known}` });
}
