import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { loadAuthority } from '@fairlead/kernel/tls';
import {
  type ErrorStyle,
  FakeOvh,
  type FakeOvhOptions,
  type FakeTls,
  type QuotaSettings,
  readFixtures,
  type Sizes,
} from '@fairlead/ovh/fake';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';

/** What the command line says of the fake. */
export interface FakeOvhWords extends Partial<Sizes> {
  readonly port: number;
  readonly seed: number;
  readonly clockSkew: number;
  readonly window?: number;
  readonly errorStyle: ErrorStyle;
  readonly autoValidate?: number;
  readonly quota?: QuotaSettings;
  readonly fixtures?: string;
  readonly publicOrigin?: string;
  readonly tls?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Runs the fake until SIGINT or SIGTERM. Its credentials open nothing but itself: they are the same for the same seed. */
export async function runFakeOvh(words: FakeOvhWords, output: Output): Promise<void> {
  await using scope = new AsyncScope();
  const secured = await tlsOf(words, scope);
  const fake = scope.use(await FakeOvh.start({ ...(await optionsOf(words)), tls: secured?.tls }));
  const { applicationKey, applicationSecret, consumerKey } = fake.keys;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['endpoint', fake.apiUrl],
    ['application key', applicationKey],
    ['application secret', applicationSecret],
    ['consumer key', consumerKey],
    ['client id', fake.serviceAccount.clientId],
    ['client secret', fake.serviceAccount.clientSecret],
    ['token url', fake.tokenUrl],
    ['ca file', secured?.caFile],
    ['control', `${fake.url}/_fake/`],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  for (const [name, value] of lines) if (value !== undefined) output.print(`${name.padEnd(width)}  ${value}`);
  await stopSignal(['SIGINT', 'SIGTERM']);
}

async function optionsOf(words: FakeOvhWords): Promise<FakeOvhOptions> {
  const { window: timestampWindow, autoValidate: autoValidateMs, fixtures: folder, tls, tlsCert, tlsKey, ...same } = words;
  const fixtures = folder === undefined ? undefined : await readFixtures(folder).catch(unreadable);
  return { ...same, timestampWindow, autoValidateMs, fixtures };
}

function unreadable(error: unknown): never {
  throw CliError('CLI_USAGE', { reason: `--fixtures: ${(error as Error).message}` }, { cause: error });
}

interface Secured {
  readonly tls: FakeTls;
  /** What clients have to trust, when the certificate was made here. */
  readonly caFile?: string;
}

/** A given certificate, or one of an authority that lives as long as this program. */
async function tlsOf({ tls, tlsCert, tlsKey }: FakeOvhWords, scope: AsyncScope): Promise<Secured | undefined> {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw CliError('CLI_USAGE', { reason: '--tls-cert and --tls-key belong together' });
  if (tlsCert !== undefined && tlsKey !== undefined) return { tls: { cert: await readFile(tlsCert), key: await readFile(tlsKey) } };
  if (tls === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-fake-ovh-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const places = { ssl: {}, stateDir: folder, defaultDir: folder };
  const authority = await loadAuthority({ ...places, names: [], clock: systemClock, log: silentLog() });
  const caFile = join(folder, 'ca.crt');
  await writeFile(caFile, authority.caPem);
  return { tls: authority.server(), caFile };
}
