import { type OvhAccount, bridge as ovh, ovhAccounts } from '@fairlead/bridge-ovh';
import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { GatewayError } from '@fairlead/kernel/errors';
import { ApiError, type Credential, createClient, grantingRule, isOvhError, type OvhClient } from '@fairlead/ovh';
import { INVENTORY_RULES, type RecordKind } from '@fairlead/ovh/inventory';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

const LIMIT_MS = 8000;
const SKEW_S = 5;
const DAY_MS = 86_400_000;

/** Rules that only these kinds need; `GET /me` needs none of them, because the configuration names the account. */
const NEEDED_BY: readonly (readonly [string, readonly RecordKind[]])[] = [
  ['GET /me', []],
  ['GET /dedicated/server', ['baremetal']],
  ['GET /vps', ['vps']],
  ['GET /cloud/project', ['cloud-instance']],
  ['GET /domain', ['domain']],
  ['GET /ip', ['ip']],
];

/** Each account at OVHcloud: it answers, its clock agrees, the key is valid for a while and may read the inventory, and nobody else reads the file of keys. */
export async function examineOvh(config: LoadedConfig, signal: AbortSignal): Promise<readonly Finding[]> {
  if (!config.on(ovh.config)) return [];
  const { expiry_days: expiryDays } = config.values(...ovh.config).ovh;
  try {
    const found = await Promise.all(ovhAccounts(config).map((account) => examineAccount(account, { expiryDays, signal })));
    return found.flat();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [failed('ovh', error.message, { help: error.help ?? '', exit: EXIT.configuration })];
  }
}

interface Looking {
  readonly expiryDays: number;
  readonly signal: AbortSignal;
}

async function examineAccount({ name, options, kinds }: OvhAccount, { expiryDays, signal }: Looking): Promise<readonly Finding[]> {
  const what = `ovh ${name}`;
  try {
    using client = createClient({ ...options, retry: false, timeout: LIMIT_MS });
    const files = client.config.warnings.map(({ message }) => warning(what, message, 'Mend the file named by [ovh] conf_file.'));
    const reached = await examineEndpoint(client, what, signal);
    if (reached.some((one) => one.state === 'failed')) return [...files, ...reached];
    return [...files, ...reached, ...(await examineKey(client, { what, kinds, expiryDays, signal }))];
  } catch (error) {
    const text = isOvhError(error) ? error.message : reasonOf(error);
    return [failed(what, text, { help: `Mend [ovh ${name}], or the file named by [ovh] conf_file.`, exit: EXIT.configuration })];
  }
}

async function examineEndpoint(client: OvhClient, what: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const place = new URL(client.endpoint.baseUrl).origin;
  try {
    const before = systemClock.now();
    const theirs = await client.time({ signal });
    const skew = Math.round(theirs + 0.5 - (before + systemClock.now()) / 2000);
    const text = `differs by ${Math.abs(skew)} s`;
    const help = 'Let this machine follow NTP: calls are signed by the clock of OVHcloud, but leases and certificates go by this one.';
    const clock = Math.abs(skew) > SKEW_S ? warning(`clock of ${what}`, text, help) : ok(`clock of ${what}`, text);
    return [ok(what, `${place} answers`), clock];
  } catch (error) {
    const help = 'Check endpoint, proxy and ca_file of the account, and the network between.';
    return [failed(what, `${place} does not answer: ${reasonOf(error)}`, { help, exit: EXIT.unreachable })];
  }
}

interface KeyLooking extends Looking {
  readonly what: string;
  readonly kinds: readonly RecordKind[];
}

async function examineKey(client: OvhClient, { what, kinds, expiryDays, signal }: KeyLooking): Promise<readonly Finding[]> {
  const subject = `key of ${what}`;
  try {
    if (client.config.auth.method !== 'application') {
      const { account } = await client.credentials.details({ signal });
      return [ok(subject, `accepted, acts as ${account}; what IAM lets it read shows with the first refresh`)];
    }
    const credential = await client.credentials.current({ signal });
    return [validity(credential, subject, expiryDays), coverage(credential, `rules of ${what}`, kinds)];
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status < 500;
    const help = isRefused
      ? 'Ask for a new consumer key with `fairlead ovh credential request`, have it validated, and name it in the section of the account.'
      : 'OVHcloud or the way to it is ill; try again.';
    const text = isOvhError(error) ? `${error.code}: ${error.message}` : reasonOf(error);
    return [failed(subject, text, { help, exit: isRefused ? EXIT.notPermitted : EXIT.unreachable })];
  }
}

function validity({ status, expiration }: Credential, subject: string, expiryDays: number): Finding {
  const help = 'Ask for a new consumer key with `fairlead ovh credential request` before this one ends; it cannot be renewed.';
  if (status !== 'validated') return failed(subject, `it is ${status}`, { help, exit: EXIT.notPermitted });
  if (expiration === null) return ok(subject, 'validated, does not end');
  const days = Math.floor((Date.parse(expiration) - systemClock.now()) / DAY_MS);
  return days < expiryDays ? warning(subject, `ends in ${days} days`, help) : ok(subject, `validated, ends in ${days} days`);
}

/** The rules of a key cannot be changed, so that all that is missing is told at once. */
function coverage({ rules }: Credential, subject: string, kinds: readonly RecordKind[]): Finding {
  const missing = rulesFor(kinds).filter((rule) => !isGranted(rules, rule));
  if (missing.length === 0) return ok(subject, 'cover the inventory');
  return warning(
    subject,
    `lack ${missing.join(', ')}`,
    'What they cover is read. Ask for a key with these rules too, or name in `kinds` of the account what it shall read.',
  );
}

function rulesFor(kinds: readonly RecordKind[]): readonly string[] {
  return INVENTORY_RULES.filter((rule) => {
    const [, needs] = NEEDED_BY.find(([prefix]) => rule === prefix || rule.startsWith(`${prefix}/`)) ?? [];
    return needs === undefined || needs.some((kind) => kinds.includes(kind));
  });
}

/** How rules of v2 are written is not documented: both forms count. */
function isGranted(rules: Credential['rules'], rule: string): boolean {
  const [method = '', path = ''] = rule.split(' ');
  return [path, path.replace(/^\/v2(?=\/)/, '')].some((one) => grantingRule(rules, method, one) !== undefined);
}
