import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@fairlead/ovh';
import { testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { RunningCli } from './support/cli.ts';

/** The lines `name  value` of a fake that runs. */
async function linesOf(fake: RunningCli): Promise<Readonly<Record<string, string>>> {
  await fake.says(/^control /m);
  return Object.fromEntries([...fake.stdout.matchAll(/^(\S+(?: \S+)*) {2,}(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

const keysOf = (lines: Readonly<Record<string, string>>) => ({
  endpoint: lines.endpoint,
  applicationKey: lines['application key'],
  applicationSecret: lines['application secret'],
  consumerKey: lines['consumer key'],
  env: false,
  files: false,
});

test.each(['SIGTERM', 'SIGINT'] as const)('fake ovh tells how to reach it with each identity, and %s ends it', async (signal) => {
  await using fake = new RunningCli(['fake', 'ovh', '--servers', '3', '--vps', '0']);
  const lines = await linesOf(fake);

  using signed = createClient(keysOf(lines) as object);
  expect(await signed.get('/dedicated/server')).toHaveLength(3);
  expect(await signed.get('/vps')).toEqual([]);
  using account = createClient({
    endpoint: lines.endpoint,
    tokenUrl: lines['token url'],
    clientId: lines['client id'],
    clientSecret: lines['client secret'],
    env: false,
    files: false,
  });
  expect(await account.get('/me')).toMatchObject({ nichandle: 'ab12345-ovh' });
  const state = (await (await fetch(new URL('state', lines.control))).json()) as object;
  expect(state).toMatchObject({ servers: 3, vps: 0 });

  fake.signal(signal);
  expect(await fake.ended).toMatchObject({ code: 0, stderr: '' });
});

test('fake ovh --seed: the same number gives the same keys', async () => {
  const keys = await Promise.all(
    ['7', '7', '8'].map(async (seed) => {
      await using fake = new RunningCli(['fake', 'ovh', '--seed', seed]);
      return (await linesOf(fake))['consumer key'];
    }),
  );
  expect(keys[0]).toBe(keys[1]);
  expect(keys[0]).not.toBe(keys[2]);
});

test('fake ovh --clock-skew --error-style legacy --quota: as the words say', async () => {
  await using fake = new RunningCli(['fake', 'ovh', '--clock-skew', '-600', '--error-style', 'legacy', '--quota', '3/600']);
  const lines = await linesOf(fake);
  const { endpoint = '' } = lines;

  const time = (await (await fetch(`${endpoint}/auth/time`)).json()) as number;
  expect(Math.abs(Date.now() / 1000 - 600 - time)).toBeLessThan(30);
  const refused = (await (await fetch(`${endpoint}/me`)).json()) as object;
  expect(Object.keys(refused).sort()).toEqual(['errorCode', 'httpCode', 'message']);
  using client = createClient({ ...(keysOf(lines) as object), retry: false });
  for (let n = 0; n < 3; n += 1) await client.get('/me');
  await expect(client.get('/me')).rejects.toMatchObject({ code: 'OVH_RATE_LIMIT' });
});

test('fake ovh --tls: https with an authority of its own, whose file is gone afterwards', async () => {
  await using fake = new RunningCli(['fake', 'ovh', '--tls']);
  const lines = await linesOf(fake);
  const caFile = lines['ca file'] ?? '';
  const ca = await readFile(caFile, 'utf8');

  using client = createClient({ ...(keysOf(lines) as object), tls: { ca } });
  expect(await client.get('/me')).toMatchObject({ nichandle: 'ab12345-ovh' });
  using stranger = createClient({ ...(keysOf(lines) as object), retry: false });
  await expect(stranger.get('/me')).rejects.toMatchObject({ code: expect.stringMatching(/OVH_(NETWORK|TIME_SYNC)/) });

  fake.signal('SIGTERM');
  expect((await fake.ended).code).toBe(0);
  expect(existsSync(caFile)).toBe(false);
});

test('fake ovh --tls-cert --tls-key --public-origin: behind a name that clients sign', async () => {
  await using authority = await testAuthority();
  const [cert, key] = [join(authority.stateDir, 'fake.crt'), join(authority.stateDir, 'fake.key')];
  await writeFile(cert, authority.cert);
  await writeFile(key, authority.key);
  const words = ['--tls-cert', cert, '--tls-key', key, '--public-origin', 'https://eu.api.ovh.com/'];
  await using fake = new RunningCli(['fake', 'ovh', ...words]);
  const lines = await linesOf(fake);
  using client = createClient({ ...(keysOf(lines) as object), tls: { ca: authority.ca } });
  expect(await client.time()).toBeGreaterThan(1_000_000_000);
  // Signed for its own address, which is not the one that this fake is told to be reached by.
  await expect(client.get('/me')).rejects.toMatchObject({ code: 'OVH_INVALID_SIGNATURE' });
});

test('fake ovh --auto-validate: a requested key becomes valid by itself', async () => {
  await using fake = new RunningCli(['fake', 'ovh', '--auto-validate', '1']);
  const lines = await linesOf(fake);
  using client = createClient({ ...(keysOf(lines) as object), consumerKey: undefined });
  await client.credentials.request({ rules: [{ method: 'GET', path: '/me' }] });
  expect(await client.credentials.waitUntilValidated({ interval: 10 })).toMatchObject({ status: 'validated' });
});

test('fake ovh --fixtures: rows of files stand in place of made-up ones', async () => {
  await using folder = await tempDir('fixtures-');
  await writeFile(join(folder.path, 'servers.json'), JSON.stringify([{ name: 'ns1.example.net', reverse: 'box.example.net' }]));
  await using fake = new RunningCli(['fake', 'ovh', '--fixtures', folder.path]);
  using client = createClient(keysOf(await linesOf(fake)) as object);
  expect(await client.get('/dedicated/server')).toEqual(['ns1.example.net']);
  expect(await client.get('/dedicated/server/ns1.example.net')).toMatchObject({ reverse: 'box.example.net', state: expect.any(String) });
  expect(await client.get('/dedicated/server/ns1.example.net/serviceInfos')).toMatchObject({ domain: 'ns1.example.net' });
});

test('fake ovh --fixtures names the file that is wrong', async () => {
  await using folder = await tempDir('fixtures-');
  await writeFile(join(folder.path, 'vps.json'), '{');
  await using fake = new RunningCli(['fake', 'ovh', '--fixtures', folder.path]);
  expect(await fake.ended).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(join(folder.path, 'vps.json')) });
});

test.each([
  [['--servers', '-1']],
  [['--servers', '10001']],
  [['--clock-skew', 'soon']],
  [['--error-style', 'modern']],
  [['--quota', '20']],
  [['--tls-cert', '/etc/hostname']],
  [['--public-origin', 'eu.api.ovh.com']],
  [['--fixtures', '/nowhere/at/all']],
])('fake ovh %j is a mistake in the command line', async (words) => {
  await using fake = new RunningCli(['fake', 'ovh', ...words]);
  expect(await fake.ended).toMatchObject({ code: 64, stdout: '' });
});
