import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { TOKEN_ISSUERS } from '@fairlead/acronis';
import { bridge, type CyberappSettings } from '@fairlead/bridge-cyberapp';
import { type ListenAddress, type LoadedConfig, parseListenAddress, ServerSection } from '@fairlead/kernel/config';
import { CliError } from '../../cli-errors.ts';
import { primaryAddress } from '../../compose/addresses.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import type { Output } from '../../output.ts';
import { exitOf, printFinding } from '../doctor/doctor.ts';
import { type Finding, failed, reasonOf } from '../doctor/finding.ts';
import { examineDatacenters } from './check-datacenters.ts';
import { examineHandler } from './check-handler.ts';
import { examineKeys } from './check-keys.ts';
import type { CareOptions } from './shared.ts';

export interface CheckOptions extends CareOptions {
  readonly url?: string;
  readonly ca?: string;
  readonly fake?: string;
}

/** Prints what was found, one line each. Throws `FAIRLEAD_CONFIG` for a configuration with mistakes, `CLI_UNWELL` when something has failed. */
export async function checkCyberapp(options: CheckOptions, output: Output): Promise<void> {
  const config = loadConfiguration({ file: options.config });
  const settings = config.value(bridge.config[0]);
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const url = urlOf(options, settings, config);
  const issuers = issuersOf(settings);
  const roots = config.value(bridge.config[1]).ca;
  const keysCa = roots === undefined ? undefined : await readFile(roots, 'utf8');
  const parts: Readonly<Record<string, () => Promise<readonly Finding[]>>> = {
    listener: () => examineHandler({ url, appCode: settings.app_code, ca, fake: options.fake }),
    keys: () => examineKeys(issuers, keysCa),
    connector: () => examineDatacenters(config, keysCa),
  };
  const findings: Finding[] = [];
  for (const [name, part] of Object.entries(parts)) {
    const found = await part().catch((error: unknown) => [
      failed(name, `cannot be checked: ${reasonOf(error)}`, { help: 'See the error reference.' }),
    ]);
    for (const finding of found) printFinding(finding, options.json === true, output);
    findings.push(...found);
  }
  const bad = findings.filter(({ state }) => state === 'failed');
  if (bad.length > 0) throw CliError('CLI_UNWELL', { failed: bad.length, checked: findings.length, exit: exitOf(bad) });
}

/** Where Acronis calls; without a word of it the listener of this machine. */
function urlOf({ url }: CheckOptions, settings: CyberappSettings, config: LoadedConfig): URL {
  if (url !== undefined && !URL.canParse(url)) throw CliError('CLI_USAGE', { reason: '--url is a URL, as https://host:8444/callback' });
  if (url !== undefined) return new URL(url);
  const { host, port } = parseListenAddress(settings.listen_address) as ListenAddress;
  const name = ['::', '0.0.0.0'].includes(host) ? (config.value(ServerSection).public_ip[0] ?? primaryAddress() ?? hostname()) : host;
  return new URL(`https://${name.includes(':') ? `[${name}]` : name}:${port}${settings.paths[0] ?? '/callback'}`);
}

/** Where the keys are that request tokens are verified with. */
function issuersOf({ jwt_issuers: pairs }: CyberappSettings): readonly (readonly [issuer: string, keysUrl: string])[] {
  if (pairs.length === 0) return TOKEN_ISSUERS.map(({ issuer, keysUrl }) => [issuer, keysUrl] as const);
  return pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
}
