import type { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { expect, test } from 'vitest';
import { Accounts } from '../src/service/accounts.ts';
import { OvirtStore } from '../src/store/ovirt-store.ts';
import { basic, type Harness, startHarness } from './harness.ts';

const TOKEN = '/ovirt-engine/sso/oauth/token';
const INFO = '/ovirt-engine/sso/oauth/token-info';
const API_SCOPE = 'ovirt-app-api';
const PORTAL_SCOPE = 'ovirt-app-admin ovirt-app-portal';

function post(harness: Harness, path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return harness.call(path, { method: 'POST', user: null, body: new URLSearchParams(form).toString(), headers: { ...type, ...headers } });
}

function setPassword(fake: FakeCloudStack, password: string): void {
  Object.assign(fake.userRow('alice'), { password });
}

function logIn(harness: Harness, username: string, password: string, scope = API_SCOPE) {
  return post(harness, TOKEN, { grant_type: 'password', username, password, scope });
}

test.each([
  ['admin@internal', 'admin-password', 'the root domain'],
  ['admin@ROOT', 'admin-password', 'the root domain by its name'],
  ['alice@tenants', 'alice-password', 'a domain'],
  ['alice@ROOT/tenants', 'alice-password', 'a path from the root'],
])('%s gets a token for %s', async (user, password) => {
  await using harness = await startHarness();

  const reply = await logIn(harness, user, password);

  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('cache-control')).toContain('no-store');
  expect(reply.json).toEqual({
    access_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    scope: API_SCOPE,
    exp: expect.stringMatching(/^\d{13}$/),
    token_type: 'bearer',
    expires_in: expect.any(Number),
  });
  expect(reply.json.expires_in).toBeGreaterThan(3590);
  expect(harness.fake.sessionCount).toBe(0);
});

test('ovirt 12.28: the scope that was asked for is granted, whatever it is', async () => {
  await using harness = await startHarness();

  expect((await logIn(harness, 'admin@internal', 'admin-password', PORTAL_SCOPE)).json.scope).toBe(PORTAL_SCOPE);
});

test('a wrong password has the short form for the API scope and the long form for others', async () => {
  await using harness = await startHarness();
  const text = "Cannot authenticate user 'alice@tenants': The username or password is incorrect.";

  const short = await logIn(harness, 'alice@tenants', 'wrong');
  const long = await logIn(harness, 'alice@tenants', 'wrong', PORTAL_SCOPE);

  expect([short.status, short.json]).toEqual([400, { error_code: 'access_denied', error: text }]);
  expect([long.status, long.json]).toEqual([401, { error: 'access_denied', error_description: text }]);
});

test('unknown users and unknown domains are refused in the same words', async () => {
  await using harness = await startHarness();

  const user = await logIn(harness, 'nobody@tenants', 'x');
  const domain = await logIn(harness, 'alice@nowhere', 'alice-password');

  expect(String(user.json.error).replace('nobody@tenants', '')).toBe(String(domain.json.error).replace('alice@nowhere', ''));
  expect(user.status).toBe(400);
});

test.each([
  [{ username: 'a', password: 'b' }, 'invalid_request', "Missing parameter: 'grant_type'"],
  [{ grant_type: 'password', password: 'b' }, 'invalid_request', "Missing parameter: 'username'"],
  [{ grant_type: 'password', username: 'a' }, 'invalid_request', "Missing parameter: 'password'"],
  [{ grant_type: 'authorization_code', code: 'x' }, 'unsupported_grant_type', 'Only the grant type password is supported'],
  [{ grant_type: 'password', username: 'a', password: 'b', scope: 'a"b' }, 'invalid_scope', 'The scope cannot be read'],
])('a form %j is %s', async (form, code, text) => {
  await using harness = await startHarness();

  const reply = await post(harness, TOKEN, { scope: API_SCOPE, ...form } as Record<string, string>);

  expect(reply.status).toBe(400);
  const isApi = !('scope' in form);
  expect(reply.json).toEqual(isApi ? { error_code: code, error: text } : { error: code, error_description: text });
});

test('credentials in the URL are not taken', async () => {
  await using harness = await startHarness();

  const reply = await harness.call(`${TOKEN}?grant_type=password&username=admin@internal&password=admin-password`, { user: null });

  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe('POST');
});

test('a user with a second factor is told to use a service account, and no session stays behind', async () => {
  await using harness = await startHarness();
  const { userRow } = harness.fake;
  const alice = userRow.call(harness.fake, 'alice');
  const loginresponse = {
    username: 'alice',
    userid: alice.id,
    account: 'alice',
    domainid: alice.account.domain.id,
    type: '0',
    sessionkey: 'k',
    is2faenabled: 'true',
    is2faverified: 'false',
    timeout: 1800,
  };
  harness.fake.faults.next('login', {
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ loginresponse }),
  });

  const reply = await logIn(harness, 'alice@tenants', 'alice-password');

  expect(reply.status).toBe(400);
  expect(reply.json.error).toContain('two-factor authentication is required; use a service account');
  expect(harness.fake.calls).toContain('logout');
});

test('a user without keys is told so', async () => {
  await using harness = await startHarness();
  const body = JSON.stringify({ getuserkeysresponse: { userkeys: { apikeyaccess: true } } });
  harness.fake.faults.next('getUserKeys', { kind: 'body', status: 200, contentType: 'application/json', body });

  const reply = await logIn(harness, 'alice@tenants', 'alice-password');

  expect(reply.status).toBe(400);
  expect(reply.json.error).toContain('has no API keys');
  expect(harness.fake.sessionCount).toBe(0);
});

test('CloudStack being away is a server error, not a wrong password', async () => {
  await using harness = await startHarness();
  harness.fake.faults.next('login', { kind: 'html', status: 503 }, 5);

  const reply = await logIn(harness, 'admin@internal', 'admin-password');

  expect(reply.status).toBe(503);
  expect(reply.json.error_code).toBe('server_error');
});

test('a profile can name another domain', async () => {
  await using harness = await startHarness({ profiles: { customers: { domain: 'tenants', zones: [], pools: [], networks: [] } } });

  expect((await logIn(harness, 'bob@customers', 'bob-password')).status).toBe(200);
});

test('a local account logs in with a password of its own and acts with its key pair', async () => {
  await using harness = await startHarness();
  const { apiKey, secretKey } = harness.fake.user('alice');
  const accounts = new Accounts({ ...harness.context, store: new OvirtStore(harness.context.store) });
  await accounts.add({ name: 'Backup', password: 'correct horse', apiKey, secretKey });

  expect((await logIn(harness, 'backup@internal', 'wrong')).status).toBe(400);
  const reply = await logIn(harness, 'backup@internal', 'correct horse');
  const names = await harness.api('/networks', { user: null, headers: { authorization: `Bearer ${reply.json.access_token}` } });

  expect(reply.status).toBe(200);
  expect(JSON.stringify(names.json)).toContain('net-alice');
  expect(JSON.stringify(names.json)).not.toContain('net-bob');
  expect(await accounts.list()).toMatchObject([{ name: 'backup', disabled: false }]);
  await expect(accounts.add({ name: 'backup', password: 'x', apiKey, secretKey })).rejects.toMatchObject({ code: 'OVIRT_CONFLICT' });
  expect(await accounts.remove('backup')).toBe(true);
  expect((await logIn(harness, 'backup@internal', 'correct horse')).status).toBe(400);
});

test('token-info tells what a token is, validates it, and refuses what is none', async () => {
  await using harness = await startHarness();
  const token = await harness.token('alice@tenants');

  const info = await post(harness, INFO, { token });

  expect(info.json).toMatchObject({
    active: true,
    token_type: 'bearer',
    user_id: 'alice@tenants',
    user_authz: 'tenants',
    scope: API_SCOPE,
  });
  expect(info.json.exp).toMatch(/^\d{13}$/);
  expect((await post(harness, INFO, { token, scope: 'ovirt-ext=token-info:validate' })).json).toEqual({});
  expect((await post(harness, INFO, {}, { authorization: `Bearer ${token}` })).status).toBe(200);
  const unknown = await post(harness, INFO, { token: 'x' });
  expect([unknown.status, unknown.json.error]).toEqual([400, 'invalid_grant']);
});

test.each(['/ovirt-engine/sso/oauth/revoke', '/ovirt-engine/services/sso-logout'])(
  'ovirt 12.27, 12.28: %s ends a token, again and again',
  async (path) => {
    await using harness = await startHarness();
    const token = await harness.token();
    const bearer = { user: null, headers: { authorization: `Bearer ${token}` } };
    expect((await harness.api('/datacenters', bearer)).status).toBe(200);

    const first = await post(harness, path, { token, scope: API_SCOPE });
    const second = await post(harness, path, { token, scope: '' });

    expect([first.status, first.json, second.status]).toEqual([200, {}, 200]);
    expect((await harness.api('/datacenters', bearer)).status).toBe(401);
  },
);

test('ovirt 12.19: a token ends an hour after its last use, and a day after its issue', async () => {
  await using harness = await startHarness();
  const bearer = { user: null, headers: { authorization: `Bearer ${await harness.token()}` } };
  const use = async () => (await harness.api('/datacenters', bearer)).status;

  for (let hour = 0; hour < 25; hour++) {
    expect(await use()).toBe(200);
    harness.clock.advance(57 * 60_000);
  }
  expect(await use()).toBe(200);
  harness.clock.advance(40 * 60_000);
  expect(await use()).toBe(401);
});

test('an idle token ends after an hour', async () => {
  await using harness = await startHarness();
  const bearer = { user: null, headers: { authorization: `Bearer ${await harness.token()}` } };

  harness.clock.advance(61 * 60_000);

  const reply = await harness.api('/datacenters', bearer);
  expect(reply.status).toBe(401);
  expect(reply.headers.get('www-authenticate')).toContain('Bearer realm="RESTAPI", error="invalid_token"');
});

test('ovirt 12.19: ten wrong passwords ban the login from that address, with Retry-After, and others go on', async () => {
  await using harness = await startHarness();
  for (let attempt = 0; attempt < 10; attempt++) await logIn(harness, 'alice@tenants', `wrong ${attempt}`);

  const banned = await logIn(harness, 'alice@tenants', 'alice-password');
  const asFault = await harness.api('/vms', { user: 'alice@tenants', accept: 'application/xml' });

  expect(banned.status).toBe(429);
  expect(Number(banned.headers.get('retry-after'))).toBeGreaterThan(200);
  expect(banned.json).toMatchObject({ error_code: 'access_denied', error: expect.stringContaining('Try again in') });
  expect(asFault.status).toBe(429);
  expect(asFault.text).toMatch(/^<\?xml.*<fault>|^<fault>/s);
  expect((await logIn(harness, 'bob@tenants', 'bob-password')).status).toBe(200);
  harness.clock.advance(6 * 60_000);
  expect((await logIn(harness, 'alice@tenants', 'alice-password')).status).toBe(200);
});

test('ovirt 12.4, 12.39: no way to log in leaves a password, key or token in the log', async () => {
  await using harness = await startHarness();
  const token = await harness.token('alice@tenants');
  await logIn(harness, 'alice@tenants', 'wrong-secret-word');
  await harness.api('/vms', { user: 'bob@tenants' });
  await harness.api('/vms', { user: null, headers: { authorization: `Bearer ${token}` } });

  const { apiKey, secretKey } = harness.fake.user('alice');
  for (const secret of [token, 'alice-password', 'bob-password', 'wrong-secret-word', apiKey, secretKey])
    expect(harness.log.text()).not.toContain(secret);
});

test('Basic logs in once for many requests, and a password may hold colons', async () => {
  await using harness = await startHarness({ prepare: (fake) => setPassword(fake, 'a:b:ü') });
  const headers = { authorization: basic('alice@tenants', 'a:b:ü') };

  const replies = await Promise.all(Array.from({ length: 5 }, () => harness.api('/datacenters', { user: null, headers })));

  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200]);
  expect(harness.fake.calls.filter((command) => command === 'login')).toHaveLength(1);
  harness.clock.advance(6 * 60_000);
  await harness.api('/datacenters', { user: null, headers });
  expect(harness.fake.calls.filter((command) => command === 'login')).toHaveLength(2);
});

test('Basic in Latin-1 is understood', async () => {
  await using harness = await startHarness({ prepare: (fake) => setPassword(fake, 'pässwort') });
  const authorization = `Basic ${Buffer.from('alice@tenants:pässwort', 'latin1').toString('base64')}`;

  expect((await harness.api('/datacenters', { user: null, headers: { authorization } })).status).toBe(200);
});

test('who shows nothing, nonsense or a wrong password is asked for both kinds of credentials', async () => {
  await using harness = await startHarness();

  for (const authorization of [undefined, 'Digest x', 'Basic !!!', 'Bearer nothing', basic('alice@tenants', 'wrong')]) {
    const headers = authorization === undefined ? {} : { authorization };
    const reply = await harness.api('/vms', { user: null, headers, accept: 'application/xml' });
    expect(reply.status, authorization).toBe(401);
    expect(reply.headers.get('www-authenticate')).toMatch(/^Basic realm="RESTAPI", Bearer realm="RESTAPI"/);
    expect(reply.headers.get('content-type')).toBe('application/xml');
    expect(reply.text).toContain('<reason>Unauthorized</reason>');
  }
});

test('keys that CloudStack no longer takes end the token', async () => {
  await using harness = await startHarness();
  const token = await harness.token('alice@tenants');
  const bearer = { user: null, headers: { authorization: `Bearer ${token}` } };
  harness.fake.userRow('alice').enabled = false;

  expect((await harness.api('/vms', bearer)).status).toBe(401);
  expect((await post(harness, INFO, { token })).status).toBe(400);
});

test('a session lives in its cookie while it is asked for, and ends with the first request that does not', async () => {
  await using harness = await startHarness();
  const persistent = { prefer: 'persistent-auth' };
  const opened = await harness.api('/datacenters', { user: 'alice@tenants', headers: persistent });
  const setCookie = opened.headers.get('set-cookie') ?? '';
  const cookie = setCookie.split(';')[0] ?? '';
  const logins = () => harness.fake.calls.filter((command) => command === 'login').length;

  expect(setCookie).toMatch(/^JSESSIONID=[\w-]{43}; Path=\/ovirt-engine\/api; HttpOnly; Secure/);
  expect((await harness.api('/datacenters', { user: null, headers: { ...persistent, cookie } })).status).toBe(200);
  expect((await harness.api('/datacenters', { user: null, headers: { prefer: 'new-auth', cookie } })).status).toBe(401);
  const last = await harness.api('/datacenters', { user: null, headers: { cookie } });
  expect([last.status, last.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')]);
  expect((await harness.api('/datacenters', { user: null, headers: { ...persistent, cookie } })).status).toBe(401);
  expect(logins()).toBe(1);
});

test('a session ends after the minutes that were asked for', async () => {
  await using harness = await startHarness();
  const headers = { prefer: 'persistent-auth', 'session-ttl': '5' };
  const opened = await harness.api('/datacenters', { user: 'alice@tenants', headers });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  harness.clock.advance(6 * 60_000);

  expect((await harness.api('/datacenters', { user: null, headers: { ...headers, cookie } })).status).toBe(401);
});

test('a session with CSRF protection wants its id in a header too', async () => {
  await using harness = await startHarness();
  const headers = { prefer: 'persistent-auth, csrf-protection' };
  const opened = await harness.api('/datacenters', { user: 'alice@tenants', headers });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const id = cookie.split('=')[1] ?? '';

  expect((await harness.api('/datacenters', { user: null, headers: { ...headers, cookie } })).status).toBe(403);
  expect((await harness.api('/datacenters', { user: null, headers: { ...headers, cookie, jsessionid: 'other' } })).status).toBe(403);
  expect((await harness.api('/datacenters', { user: null, headers: { ...headers, cookie, jsessionid: id } })).status).toBe(200);
});

test.each(['GET', 'POST'])('%s logout ends the token and the session, and never fails', async (method) => {
  await using harness = await startHarness();
  const token = await harness.token('alice@tenants');
  const opened = await harness.api('/datacenters', { user: 'alice@tenants', headers: { prefer: 'persistent-auth' } });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  const reply = await harness.api('/logout', { method, user: null, headers: { authorization: `Bearer ${token}`, cookie } });
  const again = await harness.api('/Logout/', { method, user: null, accept: null });

  expect([reply.status, reply.json]).toEqual([200, { status: 'complete' }]);
  expect([again.status, again.text]).toEqual([200, expect.stringContaining('<status>complete</status>')]);
  expect((await harness.api('/datacenters', { user: null, headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  expect((await harness.api('/datacenters', { user: null, headers: { prefer: 'persistent-auth', cookie } })).status).toBe(401);
});

test('the other grants of the engine are refused in its words', async () => {
  await using harness = await startHarness();

  for (const path of ['authorize', 'token-http-auth']) {
    const reply = await harness.call(`/ovirt-engine/sso/oauth/${path}`, { user: null });
    expect([reply.status, reply.json.error_code]).toEqual([400, 'unsupported_grant_type']);
  }
});
