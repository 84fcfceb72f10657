import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { InventoryItem } from '@fairlead/kernel/services';
import { FakeOvh } from '@fairlead/ovh/fake';
import { testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { ovhAccounts } from '../src/index.ts';
import { accountLines, settingsOf, startGateway } from './support/gateway.ts';

const SMALL = { servers: 1, vps: 1, projects: 0, instances: 0, domains: 0, ips: 0, vracks: 0 };
const HOUR_MS = 3_600_000;

/** An ovh.conf with a default and a profile. */
async function confFile(folder: string, fakes: { readonly main: FakeOvh; readonly other: FakeOvh }): Promise<string> {
  const keys = (fake: FakeOvh) =>
    `application_key=${fake.keys.applicationKey}\napplication_secret=${fake.keys.applicationSecret}\nconsumer_key=${fake.keys.consumerKey}\n`;
  const { main, other } = fakes;
  const text = `[default]\nendpoint=${main.apiUrl}\n[${main.apiUrl}]\n${keys(main)}[profile:lab]\nendpoint=${other.apiUrl}\n${keys(other)}`;
  const file = join(folder, 'ovh.conf');
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Those whose selectors are there; worlds of two fakes have names in common. */
function accountsIn(items: readonly InventoryItem[]): readonly string[] {
  return [
    ...new Set(items.flatMap(({ owner }) => owner.filter(({ kind }) => kind === 'account').map(({ selector }) => selector))),
  ].toSorted();
}

describe('accounts of the configuration', () => {
  test('without a section of an account the default of the file is the account `default`', async () => {
    await using folder = await tempDir('ovh-');
    await using main = await FakeOvh.start({ ...SMALL, seed: 2 });
    await using other = await FakeOvh.start({ ...SMALL, seed: 3 });
    await confFile(folder.path, { main, other });
    await using gateway = await startGateway({ config: '[ovh]\nconf_file = ovh.conf\n', folder: folder.path });
    await gateway.refresh();
    const { complete, items } = await gateway.list();
    expect(complete).toBe(true);
    expect(accountsIn(items)).toEqual(['default']);
    expect(other.log).toEqual([]);
  });

  test('a profile of the file and keys of the section stand side by side; variables and the home directory count for none', async () => {
    await using folder = await tempDir('ovh-');
    await using main = await FakeOvh.start({ ...SMALL, seed: 2 });
    await using other = await FakeOvh.start({ ...SMALL, seed: 3 });
    await confFile(folder.path, { main, other });
    const config = `[ovh]\nconf_file = ovh.conf\n[ovh lab]\nprofile = lab\n${accountLines('main', main)}`;
    const former = { ...process.env };
    Object.assign(process.env, {
      OVH_ENDPOINT: 'ovh-us',
      OVH_ACCESS_TOKEN: 'of-somebody-else',
      OVH_PROFILE: 'nobody',
      HTTPS_PROXY: 'http://127.0.0.1:1',
    });
    try {
      await using gateway = await startGateway({ config, folder: folder.path });
      await gateway.refresh();
      expect((await gateway.list()).complete).toBe(true);
      expect(accountsIn((await gateway.list()).items)).toEqual(['lab', 'main']);
    } finally {
      for (const name of ['OVH_ENDPOINT', 'OVH_ACCESS_TOKEN', 'OVH_PROFILE', 'HTTPS_PROXY']) delete process.env[name];
      Object.assign(process.env, former);
    }
    expect(other.log.length).toBeGreaterThan(0);
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['no account at all', '[ovh]\n', 'OVH_BRIDGE_NO_ACCOUNT'],
    ['a profile without a file', '[ovh a]\nprofile = x\n', 'OVH_BRIDGE_ACCOUNT'],
    ['a profile beside keys', '[ovh]\nconf_file = /x\n[ovh a]\nprofile = x\naccess_token = tttttttt\n', 'OVH_BRIDGE_ACCOUNT'],
    ['a name that no selector can hold', '[ovh a/b]\naccess_token = tttttttt\n', 'OVH_BRIDGE_ACCOUNT_NAME'],
    ['authorities that are not there', '[ovh a]\naccess_token = tttttttt\nca_file = /nonexistent.pem\n', 'OVH_BRIDGE_ACCOUNT'],
  ];
  test.each(mistakes)('%s is a mistake that says what to do', (_what, text, code) => {
    expect(() => ovhAccounts(settingsOf(text))).toThrow(expect.objectContaining({ code, help: expect.any(String) }));
  });

  const unusable: readonly (readonly [string, string])[] = [
    ['no key', '[ovh a]\nendpoint = ovh-eu\n'],
    ['an endpoint that nobody knows', '[ovh a]\nendpoint = ovh-moon\naccess_token = canary-token-4711\n'],
    [
      'two ways to log in',
      '[ovh a]\nclient_id = iiiiiiii\nclient_secret = canary-token-4711\napplication_key = kkkkkkkk\napplication_secret = ssssssss\n',
    ],
    ['a file that is not there', '[ovh]\nconf_file = /nonexistent/ovh.conf\n'],
    ['http to another machine', '[ovh a]\nendpoint = http://api.example.net/1.0\naccess_token = canary-token-4711\n'],
  ];
  test.each(unusable)('%s keeps the bridge from starting, and names the account', async (_what, text) => {
    const failure = await startGateway({ config: text }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code: 'OVH_BRIDGE_ACCOUNT', message: expect.stringMatching(/\[ovh (a|default)\]/) });
    expect(failure?.message).not.toContain('canary');
  });

  test('nothing is told of accounts while the bridge is off', () => {
    expect(ovhAccounts(settingsOf(''))).toEqual([]);
    expect(ovhAccounts(settingsOf('[ovh]\nenabled = false\n[ovh a]\naccess_token = tttttttt\n'))).toEqual([]);
  });

  test('a file that others may read is told in the log, its secrets in none', async () => {
    await using folder = await tempDir('ovh-');
    await using main = await FakeOvh.start({ ...SMALL, seed: 2 });
    const file = await confFile(folder.path, { main, other: main });
    await chmod(file, 0o644);
    await using gateway = await startGateway({ config: '[ovh]\nconf_file = ovh.conf\n', folder: folder.path });
    expect(gateway.captured.text()).toContain('others may read this file');
    expect(gateway.captured.text()).not.toContain(main.keys.applicationSecret);
  });
});

describe('at SIGHUP', () => {
  test('accounts come and go, rows stay, and one that is the same is not read again', async () => {
    await using one = await FakeOvh.start({ ...SMALL, seed: 2 });
    await using two = await FakeOvh.start({ ...SMALL, seed: 3 });
    const first = accountLines('one', one);
    await using gateway = await startGateway({ config: first });
    await gateway.refresh();
    const [before] = (await gateway.list()).items;

    one.clearLog();
    await gateway.reload(first + accountLines('two', two));
    expect((await gateway.list()).reason).toBe('two: it has not been read yet');
    await gateway.refresh();
    const both = await gateway.list();
    expect(both.complete).toBe(true);
    expect(accountsIn(both.items)).toEqual(['one', 'two']);
    expect(both.items.some((item) => item.key === before?.key)).toBe(true);
    expect(one.log.filter(({ target }) => target.startsWith('/1.0/dedicated'))).toEqual([]);

    await gateway.reload(accountLines('two', two));
    expect(accountsIn((await gateway.list()).items)).toEqual(['two']);
    await gateway.reload(first + accountLines('two', two));
    expect((await gateway.list()).items).toEqual(both.items);
  });

  test('other keys of an account are tried at once', async () => {
    await using fake = await FakeOvh.start(SMALL);
    const bad = fake.issue({ rules: [{ method: 'GET', path: '/me' }] });
    const config = accountLines('main', fake).replace(fake.keys.consumerKey, bad.consumerKey);
    await using gateway = await startGateway({ config });
    await gateway.refresh();
    expect((await gateway.list()).items).toEqual([]);
    gateway.clock.advance(1000);
    await gateway.reload(accountLines('main', fake));
    gateway.clock.advance(1000);
    await gateway.refresh();
    expect(await gateway.list()).toMatchObject({ complete: true });
  });

  test('a configuration that cannot be used leaves what was', async () => {
    await using fake = await FakeOvh.start(SMALL);
    await using gateway = await startGateway({ config: accountLines('main', fake) });
    await gateway.refresh();
    const before = await gateway.list();
    await expect(gateway.reload('[ovh main]\nendpoint = ovh-moon\naccess_token = tttttttt\n')).rejects.toMatchObject({
      code: 'OVH_BRIDGE_ACCOUNT',
    });
    expect(await gateway.list()).toEqual(before);
    gateway.clock.advance(HOUR_MS);
    await gateway.refresh();
    expect((await gateway.list()).complete).toBe(true);
  });
});

test('authorities of ca_file are trusted besides the public ones, for this account alone', async () => {
  await using authority = await testAuthority();
  await using fake = await FakeOvh.start({ ...SMALL, tls: { cert: authority.cert, key: authority.key } });
  await using folder = await tempDir('ovh-ca-');
  await writeFile(join(folder.path, 'ca.pem'), authority.ca);
  const config = accountLines('with', fake, ['ca_file = ca.pem']) + accountLines('without', fake);
  await using gateway = await startGateway({ config, folder: folder.path });
  await gateway.refresh();
  const { reason, items } = await gateway.list();
  expect(reason).toMatch(/^without: OVH_TIME_SYNC: .*SELF_SIGNED_CERT_IN_CHAIN/);
  expect(accountsIn(items)).toEqual(['with']);
});

test('a proxy of an account is the way to OVHcloud; what stands in the environment is not', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  try {
    const config = `[ovh main]\nendpoint = ovh-eu\naccess_token = canary-token-0815\nproxy = http://user:canary-password@127.0.0.1:${port}\n`;
    await using gateway = await startGateway({ config });
    await gateway.refresh();
    expect((await gateway.list()).reason).toMatch(/^main: OVH_NETWORK: /);
    expect(asked[0]).toBe(`eu.api.ovh.com:443 Basic ${Buffer.from('user:canary-password').toString('base64')}`);
    expect(gateway.captured.text()).not.toContain('canary');
  } finally {
    proxy.close();
  }
});

test('a look that runs while its account is configured anew is forgotten', async () => {
  await using fake = await FakeOvh.start(SMALL);
  const key = fake.issue({ rules: [{ method: 'GET', path: '/*' }] });
  await using gateway = await startGateway({ config: accountLines('main', fake) });
  fake.faults.next('GET /vps', { kind: 'hang' });
  const running = gateway.refresh();
  await expect.poll(() => fake.log.some(({ target }) => target.startsWith('/1.0/dedicated/server/')), { timeout: 5000 }).toBe(true);
  await gateway.reload(accountLines('main', fake).replace(fake.keys.consumerKey, key.consumerKey));
  await running;
  expect(await gateway.list()).toEqual({ complete: false, reason: 'main: it has not been read yet', items: [] });
  await gateway.refresh();
  expect((await gateway.list()).complete).toBe(true);
});
