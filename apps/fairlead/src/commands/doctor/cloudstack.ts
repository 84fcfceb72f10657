import { readFile } from 'node:fs/promises';
import { bridge as ovirt } from '@fairlead/bridge-ovirt';
import { CloudStackClient, CloudStackError } from '@fairlead/cloudstack';
import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { silentLog } from '@fairlead/kernel/log';
import { createUpstream } from '@fairlead/kernel/upstream';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

/** Signed calls carry an end: CloudStack refuses those whose end is over by its own clock. */
const BAD_SKEW_MS = 5 * 60_000;
const SKEW_MS = 30_000;
const CALL_MS = 8000;

interface Place {
  readonly endpoint: string;
  readonly ca: string | undefined;
  readonly verify: boolean;
}

/** CloudStack answers, its clock agrees, and the service key is a root admin's. */
export async function examineCloudStack(config: LoadedConfig, signal: AbortSignal): Promise<readonly Finding[]> {
  if (!config.on(ovirt.config)) return [];
  const { endpoint, api_key: apiKey, secret_key: secretKey, ca_file: caFile, verify } = config.values(...ovirt.config).cloudstack;
  const place = { endpoint, ca: caFile === undefined ? undefined : await readFile(caFile, 'utf8'), verify };
  const reach = await reached(place, signal);
  const unverified = warning(
    'cloudstack',
    'its certificate is not checked',
    'Name its authority in [cloudstack] ca_file and take verify = false out.',
  );
  const found = verify ? reach : [...reach, unverified];
  if (reach.some((one) => one.state === 'failed')) return found;
  if (apiKey === undefined || secretKey === undefined) {
    return [
      ...found,
      warning('service key', 'there is none', 'Without api_key and secret_key in [cloudstack] no disk can be backed up or restored.'),
    ];
  }
  return [...found, await examineKey(place, { apiKey, secretKey }, signal)];
}

async function reached({ endpoint, ca, verify }: Place, signal: AbortSignal): Promise<readonly Finding[]> {
  const url = new URL(endpoint);
  const limits = { connectMs: 5000, headersMs: CALL_MS, bodyMs: CALL_MS, maxBodyBytes: 1024 ** 2 };
  const upstream = createUpstream({ name: 'CloudStack', baseUrl: url.origin, ca, verify, ...limits, log: silentLog() });
  try {
    const answer = await upstream.request({ method: 'GET', path: `${url.pathname}?command=listCapabilities&response=json`, signal });
    await answer.discard();
    const told = answer.headers.date;
    const skewMs = typeof told === 'string' ? Date.parse(told) - systemClock.now() : Number.NaN;
    return [ok('cloudstack', `${url.origin} answers`), skew(skewMs)];
  } catch (error) {
    const help = 'Check [cloudstack] endpoint, the network between, and ca_file.';
    return [failed('cloudstack', `${url.origin} cannot be reached: ${reasonOf(error)}`, { help, exit: EXIT.unreachable })];
  } finally {
    await upstream.close();
  }
}

function skew(ms: number): Finding {
  if (Number.isNaN(ms)) return ok('clock of cloudstack', 'it tells no time');
  const text = `differs by ${Math.round(Math.abs(ms) / 1000)} s`;
  const help = 'Let both machines follow the same time (NTP): signed calls end by it.';
  if (Math.abs(ms) > BAD_SKEW_MS) return failed('clock of cloudstack', text, { help });
  return Math.abs(ms) > SKEW_MS ? warning('clock of cloudstack', text, help) : ok('clock of cloudstack', text);
}

async function examineKey(
  place: Place,
  keys: { readonly apiKey: string; readonly secretKey: string },
  signal: AbortSignal,
): Promise<Finding> {
  const client = new CloudStackClient({ ...place, ...keys, clock: systemClock });
  try {
    const answer = await client.call('getUser', { userapikey: keys.apiKey }, { signal, deadlineMs: CALL_MS });
    return isRootAdmin(answer)
      ? ok('service key', 'valid, of a root admin')
      : warning('service key', 'valid, but not of a root admin', 'Images can only be read and written with the key of a root admin.');
  } catch (error) {
    const isRefused = error instanceof CloudStackError && /REFUSED|NOT_OFFERED|UNAUTHORIZED|CREDENTIALS/.test(error.code);
    const help = isRefused ? 'Check api_key and secret_key in [cloudstack], and the clock.' : 'CloudStack is ill: see its own log.';
    return failed('service key', `it cannot be used: ${reasonOf(error)}`, { help, exit: isRefused ? EXIT.notPermitted : EXIT.unreachable });
  } finally {
    client.close();
  }
}

function isRootAdmin(answer: unknown): boolean {
  const user = typeof answer === 'object' && answer !== null && 'user' in answer ? answer.user : answer;
  return typeof user === 'object' && user !== null && 'accounttype' in user && user.accounttype === 1;
}
