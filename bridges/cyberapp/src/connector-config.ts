import { readFile, stat } from 'node:fs/promises';
import type { ClientCredentials } from '@fairlead/acronis';
import { parseApiBase, parseDatacenterUrl } from '@fairlead/acronis/codec';
import { FairleadError } from '@fairlead/kernel/errors';
import type { Log, Scrubber } from '@fairlead/kernel/log';
import type { CyberappBridgeSettings } from './config.ts';

/** A data center that the connector pushes to, with the API client of the app there. */
export interface ConnectorDatacenter {
  /** As mappings name it: `eu8`. */
  readonly id: string;
  /** `https://` and the host. Credentials are sent nowhere else. */
  readonly url: string;
  readonly credentials: ClientCredentials;
}

export type ConnectorSections = Pick<CyberappBridgeSettings, 'connector' | 'connector_dc'> & {
  readonly cyberapp: Pick<CyberappBridgeSettings['cyberapp'], 'datacenter_hosts'>;
};

export interface ConnectorConfigParts {
  readonly log: Log;
  readonly scrubber?: Pick<Scrubber, 'add'> | undefined;
}

/** One place where data centers are named, before it is checked. */
interface Wish {
  /** As mistakes name it. */
  readonly where: string;
  readonly id?: string;
  readonly url: unknown;
  readonly clientId: unknown;
  readonly clientSecret: unknown;
}

/**
 * The data centers of `[connector]`, of `[connector <dc>]` sections and of a `connector.json`, which is read each time.
 * Throws FAIRLEAD_CONFIG for what is half, named twice, not a host, or, with `strict_permissions`, a file that others may read.
 */
export async function connectorDatacenters(
  sections: ConnectorSections,
  parts: ConnectorConfigParts,
): Promise<readonly ConnectorDatacenter[]> {
  const { connector, connector_dc: named, cyberapp } = sections;
  const wishes = [
    ...Object.entries(named).map(([id, values]) => ({ ...wishOf(`[connector ${id}]`, values), id })),
    ...plainWish(connector),
  ];
  if (connector.file !== undefined) wishes.push(...(await fileWishes(connector.file, connector.strict_permissions, parts)));
  const found = new Map<string, ConnectorDatacenter>();
  for (const wish of wishes) {
    const datacenter = checked(wish, { hosts: cyberapp.datacenter_hosts, allowPlain: connector.allow_private });
    if (found.has(datacenter.id)) throw mistake(`${wish.where} names the data center ${datacenter.id} a second time`);
    parts.scrubber?.add(datacenter.credentials.clientSecret);
    found.set(datacenter.id, datacenter);
  }
  return [...found.values()];
}

type Values = { readonly dc_url?: unknown; readonly client_id?: unknown; readonly client_secret?: unknown };

function wishOf(where: string, { dc_url: url, client_id: clientId, client_secret: clientSecret }: Values): Wish {
  return { where, url, clientId, clientSecret };
}

function plainWish(connector: ConnectorSections['connector']): readonly Wish[] {
  const isThere = [connector.dc_url, connector.client_id, connector.client_secret].some((value) => value !== undefined);
  return isThere ? [wishOf('[connector]', connector)] : [];
}

function checked(
  wish: Wish,
  { hosts, allowPlain }: { readonly hosts: readonly string[]; readonly allowPlain: boolean },
): ConnectorDatacenter {
  const { where, url, clientId, clientSecret } = wish;
  for (const [name, value] of Object.entries({ dc_url: url, client_id: clientId, client_secret: clientSecret }))
    if (typeof value !== 'string' || value === '') throw mistake(`${where} needs ${name}`);
  const base = parseApiBase(String(url));
  if (base === undefined || !(allowPlain || base.startsWith('https:')))
    throw mistake(`${where}: dc_url is not https:// and a host, without a path`);
  return { id: wish.id ?? idOf(base, hosts), url: base, credentials: { clientId: String(clientId), clientSecret: String(clientSecret) } };
}

/** The id that mappings have for a host; its name for one that no callback can name. */
function idOf(base: string, hosts: readonly string[]): string {
  return parseDatacenterUrl(base, hosts.length === 0 ? undefined : hosts)?.id ?? new URL(base).hostname;
}

const MEMBERS = new Set(['client_id', 'client_secret', 'dc_url']);
const MOST_BYTES = 1_048_576;
const MOST_DATACENTERS = 100;
/** A group may: services read their files so. */
const OTHERS = 0o007;

async function fileWishes(file: string, isStrict: boolean, { log }: ConnectorConfigParts): Promise<readonly Wish[]> {
  const content = await readObject(file);
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0) {
    if (isStrict) throw mistake(`${file} holds a secret and others may read it: chmod 600`);
    log.warn({ file }, 'a file that holds a secret can be read by others: chmod 600');
  }
  const { datacenters, ...plain } = content;
  warnUnknown(plain, file, log);
  const own = Object.keys(plain).some((member) => MEMBERS.has(member)) ? [wishOf(file, plain)] : [];
  if (datacenters === undefined) return own.length > 0 ? own : [wishOf(file, plain)];
  if (!Array.isArray(datacenters) || datacenters.length > MOST_DATACENTERS || !datacenters.every(isObject))
    throw mistake(`${file}: datacenters has to be a list of at most ${MOST_DATACENTERS} objects`);
  return [
    ...own,
    ...datacenters.map((one, index) => {
      warnUnknown(one, `${file} datacenters[${index}]`, log);
      return wishOf(`${file} datacenters[${index}]`, one);
    }),
  ];
}

/** No text of the file gets into a mistake: it holds a secret. */
async function readObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    if ((await stat(file)).size > MOST_BYTES) throw mistake(`${file} is longer than ${MOST_BYTES} bytes`);
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw mistake(`${file} is not JSON`);
    if (error instanceof Error && 'code' in error && 'syscall' in error) throw mistake(`${file} cannot be read (${String(error.code)})`);
    throw error;
  }
  if (!isObject(value)) throw mistake(`${file} is not a JSON object`);
  return value;
}

function warnUnknown(members: Readonly<Record<string, unknown>>, where: string, log: Log): void {
  const unknown = Object.keys(members).filter((member) => !MEMBERS.has(member));
  if (unknown.length > 0)
    log.warn({ where, unknown: unknown.slice(0, 20).map((member) => member.slice(0, 64)) }, 'members that mean nothing to the connector');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistake(report: string): Error {
  return FairleadError('FAIRLEAD_CONFIG', { report });
}
