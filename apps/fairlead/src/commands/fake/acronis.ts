import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeAcronis, type TenantWish } from '@fairlead/acronis/fake';
import { ALERT_CATEGORIES, ALERT_TYPES, WORKLOAD_TYPES } from '@fairlead/bridge-cyberapp';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';

/** What the command line says of the fake. */
export interface FakeAcronisWords {
  readonly port: number;
  readonly app: string;
  readonly datacenter: string;
  readonly customers: number;
  readonly seed: number;
  readonly tls?: true;
}

/** Runs the fake until SIGINT or SIGTERM. Its API client and its keys open nothing but itself and what is told to believe it. */
export async function runFakeAcronis(words: FakeAcronisWords, output: Output): Promise<void> {
  await using scope = new AsyncScope();
  const [clientId, clientSecret] = [made(words, 'client'), made(words, 'secret')];
  const tenants = tenantsOf(words);
  const fake = scope.use(await started(words, { clientId, clientSecret, tenants }));
  const lines: (readonly [string, string])[] = [
    ['url', fake.url()],
    ['keys url', fake.keysUrl],
    ['issuer', fake.issuer],
    ['jwt issuers', `${fake.issuer}=${fake.keysUrl}`],
    ['app code', words.app],
    ['client id', clientId],
    ['client secret', clientSecret],
    ...tenants.map(({ id = '', kind = '' }) => [kind, id] as const),
  ];
  if (words.tls === true) lines.push(['ca file', await written(fake.ca, scope)]);
  lines.push(['control', `${fake.url()}/_fake/`]);
  const width = Math.max(...lines.map(([name]) => name.length));
  for (const [name, value] of lines) output.print(`${name.padEnd(width)}  ${value}`);
  await stopSignal(['SIGINT', 'SIGTERM']);
}

interface Made {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenants: readonly TenantWish[];
}

async function started({ app, datacenter, port, seed, tls }: FakeAcronisWords, { tenants, ...client }: Made): Promise<FakeAcronis> {
  const types = {
    alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
    categories: Object.keys(ALERT_CATEGORIES),
    workloadTypes: Object.entries(WORKLOAD_TYPES).map(([code, { schema }]) => ({ code, schema })),
  };
  try {
    return await FakeAcronis.start({
      ...{ datacenters: [datacenter], ports: [port], seed, tenants, tls: tls === true ? 'own' : undefined },
      apps: [{ code: app, ...client, ...types }],
    });
  } catch (error) {
    throw CliError('CLI_USAGE', { reason: `the fake cannot be started: ${(error as Error).message}` }, { cause: error });
  }
}

function tenantsOf(words: FakeAcronisWords): readonly TenantWish[] {
  const partner: TenantWish = { id: made(words, 'partner'), name: 'Example Hosting', kind: 'partner' };
  const customers = Array.from({ length: words.customers }, (_, at): TenantWish => {
    const name = `Customer ${at + 1}`;
    return { id: made(words, name), name, kind: 'customer', parentId: partner.id };
  });
  return [partner, ...customers];
}

/** A UUID that is the same for the same seed. */
function made({ seed }: FakeAcronisWords, name: string): string {
  const hex = createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function written(ca: string, scope: AsyncScope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-fake-acronis-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'ca.crt');
  await writeFile(file, ca);
  return file;
}
