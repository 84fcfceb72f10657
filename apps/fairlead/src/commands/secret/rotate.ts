import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { LoadedConfig, Setting } from '@fairlead/kernel/config';
import { Secrets } from '@fairlead/kernel/secrets';
import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { changeIni, writeWhole } from '../../compose/edit-file.ts';
import type { Output } from '../../output.ts';
import { readUsage, reasonsToKeep } from './usage.ts';

export interface RotateOptions {
  readonly config?: string;
  readonly prepare?: boolean;
  readonly swap?: boolean;
  readonly force?: boolean;
}

/**
 * Changes the secrets of `[security]` in one write of the file, so that whoever reads it finds the old pair or the new one.
 * Throws `CLI_USAGE`, `CLI_SECRET_ELSEWHERE`, `CLI_SECRET_NOT_OVER`, `CLI_SECRET_SHARED`.
 */
export async function rotateSecret(options: RotateOptions, output: Output): Promise<void> {
  if (options.prepare === true && options.swap === true) throw CliError('CLI_USAGE', { reason: '--prepare and --swap are two steps' });
  const config = loadConfiguration({ file: options.config });
  const file = config.file;
  const current = settingOf(config, 'hmac_secret');
  const former = settingOf(config, 'former_hmac_secret');
  if (file === undefined || current === undefined) throw CliError('CLI_SECRET_ELSEWHERE', { source: 'no file' });
  for (const setting of [current, former]) refuseElsewhere(setting);
  if (options.swap === true) {
    if (former === undefined) throw CliError('CLI_USAGE', { reason: 'there is no former_hmac_secret to swap with' });
    await changeIni(file, 'security', { hmac_secret: former.text, former_hmac_secret: current.text });
  } else {
    if (options.force !== true) await refuseUnfinished(config, options.prepare === true);
    const made = await makeSecret(current);
    const pair = options.prepare === true ? [current.text, made] : [made, current.text];
    await changeIni(file, 'security', { hmac_secret: pair[0] ?? '', former_hmac_secret: pair[1] ?? '' });
  }
  tellNext(options, output, file);
}

function settingOf(config: LoadedConfig, key: string): Setting | undefined {
  return config.sources.find((one) => one.title === '[security]' && one.key === key);
}

function refuseElsewhere(setting: Setting | undefined): void {
  if (setting !== undefined && !/:\d+$/.test(setting.source)) throw CliError('CLI_SECRET_ELSEWHERE', { source: setting.source });
}

async function refuseUnfinished(config: LoadedConfig, isPrepared: boolean): Promise<void> {
  const usage = await readUsage(config);
  const reasons = reasonsToKeep(usage);
  if (reasons.length > 0) throw CliError('CLI_SECRET_NOT_OVER', { reasons: reasons.join('; ') });
  if (!isPrepared && usage.gateways.length > 1)
    throw CliError('CLI_SECRET_SHARED', { gateways: usage.gateways.map((one) => one.name).join(', ') });
}

/** What stands in the configuration for a new secret: the secret, or, beside a secret in a file, a new file of its own. */
async function makeSecret(current: Setting): Promise<string> {
  const secret = randomBytes(48).toString('base64url');
  if (!current.text.startsWith('@/')) return secret;
  const path = join(dirname(current.text.slice(1)), `hmac_secret.${new Secrets(secret).keyId}`);
  await writeWhole(path, `${secret}\n`, current.text.slice(1));
  return `@${path}`;
}

function tellNext({ prepare, swap }: RotateOptions, output: Output, file: string): void {
  output.print(`Changed [security] in ${file}`);
  if (prepare === true) {
    output.print('The new secret is known and not used. Copy it to every gateway of the store as former_hmac_secret and restart each;');
    output.print('then run on each, one after the other: fairlead secret rotate --swap, and restart it.');
    return;
  }
  output.print(swap === true ? 'Restart this gateway, then go on with the next one.' : 'Restart the gateway.');
  output.print('It seals its rows anew; `fairlead secret status` says when former_hmac_secret may be taken out.');
}
