import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

const withRules = (...rules: readonly (readonly [method: string, path: string])[]) => ({
  ...world.keys,
  OVH_CONSUMER_KEY: world.fake.issue({ rules: rules.map(([method, path]) => ({ method, path })) }).consumerKey,
});

test('a call that no rule allows: which rule is missing, how to ask for it, and the query id', async () => {
  const { code, stdout, stderr } = await world.runWith(withRules(['GET', '/me']), 'get', '/vps');
  expect([code, stdout]).toEqual([77, '']);
  expect(stderr).toContain('request a consumer key with the rule GET /vps');
  expect(stderr).toContain('credential request --with-current --allow GET:/vps --wait --save');
  expect(stderr).toMatch(/X-OVH-Query-Id: SIM\./);
  expect(stderr).toMatch(/\(OVH_NOT_GRANTED_CALL\)\n$/);
});

test('with --json an error is one JSON object, and standard output stays empty', async () => {
  const { code, stdout, stderr } = await world.runWith(withRules(['GET', '/me']), 'get', '/vps', '--json');
  expect([code, stdout]).toEqual([77, '']);
  const told = JSON.parse(stderr);
  expect(told).toMatchObject({ code: 'OVH_NOT_GRANTED_CALL', status: 403, method: 'GET', path: '/vps' });
  expect(told.queryId).toMatch(/^SIM\./);
  expect(told.help[0]).toContain('GET /vps');
});

test('a refusal is told even where the rules of the key cannot be read', async () => {
  const env = withRules(['GET', '/me']);
  world.fake.faults.next('GET /auth/currentCredential', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY);
  expect(await world.runWith(env, 'get', '/vps')).toMatchObject({ code: 77 });
});

test('without any credentials: where they are looked for, and where keys are made', async () => {
  const { code, stdout, stderr } = await world.runWith({ OVH_ENDPOINT: 'ovh-ca' }, 'get', '/me');
  expect([code, stdout]).toEqual([78, '']);
  expect(stderr).toMatch(/no credentials for ovh-ca.*createToken/s);
  expect(stderr).toContain('fairlead ovh config show');
});

test('without a consumer key: nothing is sent, and the way to one', async () => {
  const { OVH_CONSUMER_KEY: _, ...env } = world.keys;
  const { code, stderr } = await world.runWith(env, 'get', '/me');
  expect(code).toBe(77);
  expect(stderr).toContain('`fairlead ovh login` gets a key');
  expect(world.fake.log).toEqual([]);
});

test('a wrong secret: the usual causes, and what shows them', async () => {
  const { code, stderr } = await world.runWith({ ...world.keys, OVH_APPLICATION_SECRET: 'wrong' }, 'get', '/me');
  expect(code).toBe(77);
  expect(stderr).toMatch(/secret is wrong/);
  expect(stderr).toContain('fairlead ovh sign');
});

test.each([
  ['400', 1, '(OVH_BAD_PARAMETERS)'],
  ['401', 77, '(OVH_UNAUTHENTICATED)'],
  ['403', 77, '(OVH_FORBIDDEN)'],
  ['404', 66, '(OVH_RESOURCE_NOT_FOUND)'],
  ['409', 1, '(OVH_RESOURCE_CONFLICT)'],
  ['429', 1, 'come back in 7 s'],
  ['460', 1, '(OVH_RESOURCE_EXPIRED)'],
  ['500', 69, '(OVH_SERVER)'],
  ['501', 69, '(OVH_NOT_IMPLEMENTED)'],
  ['503', 69, '(OVH_SERVER_UNAVAILABLE)'],
  ['504', 69, '(OVH_GATEWAY_TIMEOUT)'],
])('the answer %s is exit code %d', async (status, exit, text) => {
  world.fake.faults.next('GET /me', { kind: 'status', status: Number(status), ...(status === '429' && { retryAfter: 7 }) });
  const { code, stdout, stderr } = await world.run('get', '/me', '--retry', '0');
  expect([code, stdout]).toEqual([exit, '']);
  expect(stderr).toContain(text);
});

test('an endpoint that nobody listens on, and one that nobody knows', async () => {
  const away = await world.runWith({ ...world.keys, OVH_ENDPOINT: 'http://127.0.0.1:1/1.0' }, 'get', '/me', '--retry', '0');
  expect(away.code).toBe(69);
  expect(away.stderr).toMatch(/ECONNREFUSED/);
  const unknown = await world.runWith({ ...world.keys, OVH_ENDPOINT: 'ovh-moon' }, 'get', '/me');
  expect(unknown.code).toBe(78);
  expect(unknown.stderr).toMatch(/ovh-moon.*ovh-eu.*OVH_ENDPOINT/s);
});

test('an answer that is no JSON is an outage, not a result', async () => {
  world.fake.faults.next('GET /me', { kind: 'html', status: 200 });
  expect(await world.run('get', '/me')).toMatchObject({ code: 69, stdout: '' });
});

test('a refused service account', async () => {
  const { clientId } = world.fake.serviceAccount;
  const env = { OVH_ENDPOINT: 'ovh-eu', OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: 'wrong' };
  const conf = await world.write('token.conf', `[default]\nendpoint = ${world.fake.apiUrl}\n`);
  // A custom endpoint has no token URL by itself: that is a configuration that cannot work.
  const { code, stderr } = await world.runWith({ ...env, OVH_ENDPOINT: world.fake.apiUrl, OVH_CONFIG: conf }, 'get', '/me');
  expect(code).toBe(78);
  expect(stderr).toContain('no OAuth2 authentication');
});
