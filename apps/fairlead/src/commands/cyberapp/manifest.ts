import { bridge, manifestMarkdown, manifestOf } from '@fairlead/bridge-cyberapp';
import { type LoadedConfig, parseListenAddress, ServerSection } from '@fairlead/kernel/config';
import { CliError } from '../../cli-errors.ts';
import { primaryAddress } from '../../compose/addresses.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import type { Output } from '../../output.ts';
import type { CareOptions } from './shared.ts';

export interface ManifestOptions extends CareOptions {
  readonly markdown?: boolean;
  readonly url?: string;
}

/** Prints what the Vendor Portal is to hold. Throws `CLI_USAGE` for a base that is no URL of https. */
export function printManifest(options: ManifestOptions, output: Output): void {
  if (options.json === true && options.markdown === true) throw CliError('CLI_USAGE', { reason: '--json or --markdown, not both' });
  const config = loadConfiguration({ file: options.config });
  const manifest = manifestOf(
    config.value(bridge.config[0]),
    options.url === undefined ? guessedBase(config, output) : baseOf(options.url),
  );
  output.print(options.json === true ? JSON.stringify(manifest, undefined, 2) : manifestMarkdown(manifest).trimEnd());
}

function baseOf(text: string): string {
  const url = URL.parse(text);
  const isBase = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '';
  if (!isBase) throw CliError('CLI_USAGE', { reason: '--url is how Acronis reaches the callbacks, as https://gateway.example:8444' });
  return text;
}

/** The name that Acronis knows cannot be found in the configuration: an address of this machine stands for it. */
function guessedBase(config: LoadedConfig, output: Output): string {
  const { server } = config.values(ServerSection);
  const host = server.public_ip[0] ?? primaryAddress() ?? 'gateway.example';
  output.tell('The endpoint has an address of this machine: name the public one with --url https://gateway.example:8444');
  return `https://${host.includes(':') ? `[${host}]` : host}:${portOf(config)}`;
}

function portOf(config: LoadedConfig): number {
  const { listen_address: address } = config.value(bridge.config[0]);
  return parseListenAddress(address)?.port ?? config.values(ServerSection).server.port;
}
