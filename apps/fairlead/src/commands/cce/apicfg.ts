import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bridge, writeWholeFile } from '@fairlead/bridge-cce';
import { type Operation, type Reply, unpackArray } from '@fairlead/cscp/codec';
import { findConfigFile } from '@fairlead/kernel/config';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CceLink, type LinkOptions, openLink } from './link.ts';
import { readCceSettings } from './settings.ts';

export type ApiConfigOptions = LinkOptions & { readonly file?: string };

const USUAL_FILE = '/etc/cced-api/config/cced-api.conf';
const LIMIT_MS = 60_000;
const HEADER = '# Made by `fairlead cce apicfg` from System.API; other keys may be added.';
/** Keys of the file that stand in System.API under the same name. */
const PLAIN = ['listen_address', 'unix_socket_path', 'socket_read_timeout', 'token_lifetime', 'api_auth_fails', 'api_ban_time'] as const;
const SWITCHES = ['enabled', 'logging', 'debuglog'] as const;

/**
 * Brings a `cced-api.conf` to what System.API says (cce 9), mode 0600; keys that System.API does not have stay as they are. Throws `CLI_CCE_NOT_FOUND` when
 * there is no System with that namespace, `CLI_CCE_FAILED` for a value that such a file cannot hold.
 */
export async function writeApiConfig(options: ApiConfigOptions, output: Output): Promise<void> {
  const file = options.file ?? configuredFile(options.config);
  const wanted = keysOf(await readApi(options));
  for (const [key, value] of wanted) requireValue(key, value, file);
  const before = await readText(file);
  const after = replaced(before ?? `${HEADER}\n`, wanted);
  if (after === before) {
    output.print(`${file} says what System.API says: nothing was changed.`);
    return;
  }
  const isUnchanged = async () => (await readText(file)) === before;
  if (!(await writeWholeFile(file, after, isUnchanged))) throw CliError('CLI_CCE_FAILED', { reason: `${file} was changed meanwhile` });
  output.print(`${file} was written; SIGHUP lets the gateway read it.`);
  if (wanted.get('enable_http') === 'true') output.tell('Plain HTTP needs http_listen_address as well, in that file or in [cce].');
  if (wanted.get('enabled') === 'false') output.tell('System.API is not enabled: from its next start on the gateway serves no JSON API.');
}

function configuredFile(config: string | undefined): string {
  if (findConfigFile({ flag: config, env: process.env, cwd: process.cwd() }) === undefined) return USUAL_FILE;
  return readCceSettings(config).conf_file ?? USUAL_FILE;
}

async function readApi(options: LinkOptions): Promise<ReadonlyMap<string, string>> {
  await using link = await openLink(options, AbortSignal.timeout(LIMIT_MS));
  const [oid] = (await ask(link, { verb: 'FIND', class: 'System', criteria: [] })).flatMap((line) => (line.code === 104 ? [line.oid] : []));
  if (oid === undefined) throw CliError('CLI_CCE_NOT_FOUND', { reason: 'there is no System' });
  const lines = await ask(link, { verb: 'GET', oid, namespace: 'API' });
  return new Map(lines.flatMap((line) => (line.code === 102 ? [[line.key, line.value] as const] : [])));
}

async function ask(link: CceLink, operation: Operation): Promise<Reply['lines']> {
  const { lines, end } = await link.execute(operation);
  if (end === 201) return lines;
  const isUnknown = lines.some(({ code }) => code === 300 || code === 301 || code === 303);
  throw CliError(isUnknown ? 'CLI_CCE_NOT_FOUND' : 'CLI_CCE_FAILED', { reason: `${operation.verb} was answered with ${end}` });
}

/** What a property that is not readable or not there would say is not guessed: its key stays as it is in the file. */
function keysOf(api: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const key of PLAIN) {
    const value = api.get(key);
    if (value !== undefined && value !== '') keys.set(key, value);
  }
  for (const key of SWITCHES) {
    const value = api.get(key);
    if (value !== undefined) keys.set(key, String(isOn(value)));
  }
  const [http, forced] = [api.get('enable_http'), api.get('forceHTTPS')];
  if (http !== undefined || forced !== undefined) keys.set('enable_http', String(isOn(http) && !isOn(forced)));
  const hosts = [api.get('apiHosts'), api.get('api_access')].filter((one) => one !== undefined);
  if (hosts.length > 0) keys.set('api_access', [...new Set(hosts.flatMap((one) => unpackArray(one)))].join(', '));
  return keys;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/** What stands in a database must not add a line to a file, and what the gateway would not start with is not written. */
function requireValue(key: string, value: string, file: string): void {
  if (/[^\x20-\x7e]|(?:^|\s)[;#]/.test(value) || value.trim() !== value) throw unusable(key);
  try {
    bridge.config[0].fields[key as 'listen_address'].read(value, dirname(file));
  } catch (cause) {
    throw unusable(key, cause);
  }
}

function unusable(key: string, cause?: unknown): Error {
  const reason = `System.API ${key} has a value that a configuration file cannot hold`;
  return CliError('CLI_CCE_FAILED', { reason }, cause === undefined ? undefined : { cause });
}

/** The lines of the file with these keys, each where it stood before; new ones at the end. */
function replaced(text: string, wanted: ReadonlyMap<string, string>): string {
  const left = new Map(wanted);
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const key = /^\s*([A-Za-z0-9_.-]+)\s*=/.exec(line)?.[1]?.toLowerCase() ?? '';
      const value = left.get(key);
      left.delete(key);
      return value === undefined || textOf(line) === value ? line : `${key} = ${value}`;
    });
  return `${[...lines, ...[...left].map(([key, value]) => `${key} = ${value}`)].join('\n')}\n`;
}

function textOf(line: string): string {
  return line
    .slice(line.indexOf('=') + 1)
    .replace(/\s[;#].*$/, '')
    .trim();
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
