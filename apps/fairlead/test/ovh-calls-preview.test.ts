import { sign } from '@fairlead/ovh';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fairlead } from './support/cli.ts';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start({ echo: true });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

test('--dry-run prints what would be sent, without secrets, and sends nothing', async () => {
  const { code, stdout, stderr } = await world.run('post', '/sms/a b', 'password=hush', 'to:=["+33"]', '--dry-run');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^POST ${world.fake.apiUrl}/sms/a%20b\n`));
  expect(stdout).toContain(`X-Ovh-Application: ${world.fake.keys.applicationKey.slice(0, 4)}…\n`);
  expect(stdout).toContain('X-Ovh-Consumer: [redacted]\n');
  expect(stdout).toContain('"password": "[redacted]"');
  expect(stdout).not.toContain('hush');
  expect(world.fake.log).toEqual([]);
});

test('--dry-run as JSON', async () => {
  const { stdout } = await world.run('get', '/me', 'token=abc', '--dry-run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    method: 'GET',
    url: `${world.fake.apiUrl}/me?token=[redacted]`,
    headers: { 'X-Ovh-Signature': '[redacted]' },
  });
});

test('--dry-run with a service account fetches no token', async () => {
  const env = { OVH_ENDPOINT: 'ovh-eu', OVH_CLIENT_ID: 'an id', OVH_CLIENT_SECRET: 'a secret' };
  const { code, stdout } = await world.runWith(env, 'get', '/me', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('Authorization: [redacted]');
});

test('--dry-run and --curl refuse what the call itself would refuse', async () => {
  expect(await world.run('get', '/me/../x', '--dry-run')).toMatchObject({ code: 64, stdout: '' });
  const { OVH_CONSUMER_KEY: _, ...env } = world.keys;
  expect(await world.runWith(env, 'get', '/me', '--dry-run')).toMatchObject({ code: 77, stdout: '' });
  expect(await world.run('get', '/me', '--dry-run', '--curl')).toMatchObject({ code: 64, stdout: '' });
});

test('--curl prints commands with secrets as variables, for each way to authenticate', async () => {
  const { stdout } = await world.run('put', '/x', "name=it's $HOME", '--curl');
  expect(stdout).toContain(`body='{"name":"it'\\''s $HOME"}'`);
  expect(stdout).toContain(`time=$(curl -sS ${world.fake.apiUrl}/auth/time)`);
  expect(world.fake.log).toEqual([]);

  const oauth2 = { OVH_ENDPOINT: 'ovh-eu', OVH_CLIENT_ID: 'an id', OVH_CLIENT_SECRET: 'a secret' };
  const service = await world.runWith(oauth2, 'get', '/me', '--curl');
  expect(service.stdout).toContain('https://www.ovh.com/auth/oauth2/token');
  expect(service.stdout).not.toMatch(/an id|a secret|openssl/);

  const token = await world.runWith({ OVH_ENDPOINT: 'ovh-eu', OVH_ACCESS_TOKEN: 'a-token' }, 'get', '/me', '--curl');
  expect(token.stdout).toContain('"$OVH_ACCESS_TOKEN"');
  expect(token.stdout).not.toMatch(/a-token|openssl/);

  const open = await world.runWith({ OVH_ENDPOINT: 'ovh-eu' }, 'get', '/auth/time', '--no-auth', '--curl');
  expect(open.stdout).not.toContain('OVH_');
});

test('--curl leaves a body with a secret to a variable, and refuses one that no shell can hold', async () => {
  const { stdout } = await world.run('post', '/x', 'user=a', 'password=hush', '--curl');
  expect(stdout).toContain('body=${OVH_BODY:?');
  expect(stdout).not.toContain('hush');
  const binary = await world.write('binary', 'a\0b');
  expect(await world.run('post', '/x', `@${binary}`, '--curl')).toMatchObject({ code: 64, stdout: '' });
});

test('--curl leaves a URL with a secret to a variable, and refuses a header with one', async () => {
  const { code, stdout } = await world.run('get', '/x', 'password=hush', '--curl');
  expect([code, stdout]).toEqual([0, expect.stringContaining('url=${OVH_URL:?')]);
  expect(stdout).not.toContain('hush');
  const header = await world.run('get', '/x', '--header', 'Cookie: hush', '--curl');
  expect([header.code, header.stdout]).toEqual([64, '']);
  expect(header.stderr).not.toContain('hush');
});

test('sign shows what is signed, with secrets masked, and the signature that the API computes', async () => {
  const body = '{"a":1}';
  const { code, stdout } = await world.run('sign', 'post', '/x?y=z', body, '--timestamp', '1457018875');
  expect(code).toBe(0);
  const { applicationSecret, consumerKey } = world.fake.keys;
  const url = `${world.fake.apiUrl}/x?y=z`;
  expect(JSON.parse(stdout)).toEqual({
    method: 'POST',
    url,
    bodyBytes: 7,
    timestamp: 1457018875,
    preimage: `<application_secret>+<consumer_key>+POST+${url}+${body}+1457018875`,
    signature: sign({ applicationSecret, consumerKey, method: 'POST', url, body, timestamp: 1457018875 }),
  });
  expect(world.fake.log).toEqual([]);
});

test('sign takes a whole URL as it stands, and a body from a file', async () => {
  const file = await world.write('body', 'x');
  const { stdout } = await world.run(
    'sign',
    'PUT',
    'https://eu.api.ovh.com/1.0/a b',
    `@${file}`,
    '--select',
    'preimage',
    '--timestamp',
    '1',
  );
  expect(stdout).toBe('<application_secret>+<consumer_key>+PUT+https://eu.api.ovh.com/1.0/a b+x+1\n');
});

test('sign needs keys that sign', async () => {
  const token = { OVH_ENDPOINT: world.fake.apiUrl, OVH_ACCESS_TOKEN: 'a-token' };
  expect(await world.runWith(token, 'sign', 'GET', '/me')).toMatchObject({ code: 78, stdout: '' });
  const { OVH_CONSUMER_KEY: _, ...env } = world.keys;
  expect(await world.runWith(env, 'sign', 'GET', '/me')).toMatchObject({ code: 77, stdout: '' });
  expect(await world.run('sign', 'G T', '/me')).toMatchObject({ code: 64 });
});

test('completion scripts for three shells, and no other', async () => {
  const { stdout } = await world.run('completion', 'bash');
  expect(stdout).toContain("'ovh config profile') echo 'list use delete --help';;");
  expect((await world.run('completion', 'zsh')).stdout).toMatch(/^autoload -U \+X bashcompinit/);
  expect((await world.run('completion', 'fish')).stdout).toMatch(/-n '__fairlead_at "ovh get"' -l select -d '/);
  expect(await world.run('completion', 'tcsh')).toMatchObject({ code: 64, stdout: '' });
});

test('the binary answers as the program does', async () => {
  const env = { ...world.keys, HOME: world.place('home') };
  const { code, stdout, stderr } = await fairlead(['ovh', 'get', '/me', '--select', 'nichandle'], { env });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'ab12345-ovh\n', stderr: '' });
});
