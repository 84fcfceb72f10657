import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

const always = Number.POSITIVE_INFINITY;

test('the command for a missing rule names the profile and the file that the call was made with', async () => {
  const { applicationKey, applicationSecret } = world.fake.keys;
  const { consumerKey } = world.fake.issue({ rules: [{ method: 'GET', path: '/me' }] });
  const keys = `application_key = ${applicationKey}\napplication_secret = ${applicationSecret}\nconsumer_key = ${consumerKey}\n`;
  const file = await world.write('shop.conf', `[profile:my shop]\nendpoint = ${world.fake.apiUrl}\n${keys}`);
  const { code, stderr } = await world.runWith({}, 'get', '/vps', '-c', file, '--profile', 'my shop');
  expect(code).toBe(77);
  expect(stderr).toContain(
    `\`fairlead ovh credential request --profile 'my shop' --config ${file} --with-current --allow GET:/vps --wait --save\``,
  );
});

test('an expiry report that could read nothing does not say that nothing ends', async () => {
  world.fake.faults.next('GET /services/*', { kind: 'status', status: 503 }, always);
  const { code, stdout, stderr } = await world.run('expiring', '--retry', '0');
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).not.toContain('Nothing ends');
  world.fake.reset();
  expect((await world.run('expiring', '--days', '0')).stderr).toMatch(/^Nothing ends within 0 days of /);
});

test('a deadline says whether something may have been done, and which option waits longer', async () => {
  world.fake.faults.next('GET /me', { kind: 'hang' }, always);
  const call = await world.run('get', '/me', '--timeout', '500ms');
  expect(call).toMatchObject({ code: 69, stderr: expect.stringContaining('--timeout gives it longer') });
  const wait = await world.run('credential', 'request', '--allow', 'GET:/me', '--wait', '--wait-for', '1s');
  expect(wait).toMatchObject({ code: 69, stderr: expect.stringContaining('--wait-for waits longer') });
  expect(wait.stderr).not.toContain('--timeout');
});

test('an API that is away, and one that redirects, come with advice', async () => {
  const away = await world.runWith({ ...world.keys, OVH_ENDPOINT: 'http://127.0.0.1:9/1.0' }, 'get', '/me', '--json', '--retry', '0');
  expect(away.code).toBe(69);
  expect(JSON.parse(away.stderr)).toMatchObject({ code: 'OVH_TIME_SYNC', help: [expect.stringContaining('the network')] });
  world.fake.faults.next('GET /me', { kind: 'redirect', location: 'https://portal.example/' });
  expect((await world.run('get', '/me')).stderr).toContain('something else answers here');
});

test('a service account of an endpoint given by URL makes any call with --token-url', async () => {
  const { clientId, clientSecret } = world.fake.serviceAccount;
  const env = { OVH_ENDPOINT: world.fake.apiUrl, OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: clientSecret };
  const words = ['--token-url', world.fake.tokenUrl];
  expect(await world.runWith(env, 'get', '/me', '--select', 'nichandle', ...words)).toEqual({
    code: 0,
    stdout: 'ab12345-ovh\n',
    stderr: '',
  });
  expect((await world.runWith(env, 'get', '/me', '--curl', ...words)).stdout).toContain(world.fake.tokenUrl);
  expect(await world.runWith(env, 'inventory', '--kind', 'vps', ...words)).toMatchObject({ code: 0, stderr: '' });
  expect((await world.runWith(env, 'get', '/me')).code).toBe(78);
});

test('login without keys tells commands that keep them where this login looked for them', async () => {
  const { stderr } = await world.runWith({}, 'login', '--endpoint', 'ovh-ca', '--profile', 'default');
  expect(stderr).toContain('  fairlead ovh config set --profile default --endpoint ovh-ca consumer_key\n');
});

test('words that end something answer as JSON, and so do their errors', async () => {
  const { consumerKey } = world.fake.issue({ rules: [] });
  const { credentialId } = world.fake.vault.credentials.get(consumerKey) ?? {};
  const lines = async (...words: readonly string[]) => JSON.parse((await world.run(...words, '--json')).stdout) as object;
  expect(await lines('credential', 'revoke', String(credentialId))).toEqual({ credential: credentialId, ended: true });
  const { clientId } = (await lines('oauth2', 'client', 'create', 'bot')) as { clientId: string };
  expect(await lines('oauth2', 'client', 'delete', clientId)).toEqual({ clientId, deleted: true });
  const refused = await world.run('app', 'delete', '99', '--json');
  expect([refused.code, JSON.parse(refused.stderr)]).toEqual([66, expect.objectContaining({ status: 404 })]);
});

test('a key that does not count: the login that is told is one to the same file', async () => {
  const { applicationKey, applicationSecret } = world.fake.keys;
  const keys = `application_key = ${applicationKey}\napplication_secret = ${applicationSecret}\n`;
  const file = await world.write('mine.conf', `[default]\nendpoint = ${world.fake.apiUrl}\n[${world.fake.apiUrl}]\n${keys}`);
  expect((await world.runWith({}, 'get', '/me', '-c', file)).stderr).toContain(`\`fairlead ovh login --config ${file}\``);
  const { stderr } = await world.runWith({ OVH_CONSUMER_KEY: 'x'.repeat(32) }, 'get', '/me', '-c', file);
  expect(stderr).toContain('There is no such consumer key');
  expect(stderr).toContain(`\`fairlead ovh login --config ${file}\``);
});
