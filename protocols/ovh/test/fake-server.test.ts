import { once } from 'node:events';
import { connect } from 'node:net';
import { testAuthority } from '@fairlead/testkit/certs';
import { expect, test } from 'vitest';
import { FakeClock, FakeOvh, type Json } from '../src/fake/index.ts';
import { askForKey, member, send, signed } from './support/fake-caller.ts';

function control(fake: FakeOvh, method: string, path: string, body: Json = null, headers: Record<string, string> = {}) {
  return send(fake, method, `/_fake/${path}`, { body: body === null ? '' : JSON.stringify(body), headers });
}

test('P27 it speaks https with a given certificate, and signs with that scheme', async () => {
  await using authority = await testAuthority();
  await using fake = await FakeOvh.start({ tls: { cert: authority.cert, key: authority.key } });
  expect(fake.apiUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/1\.0$/);
  expect((await signed(fake, 'GET', '/1.0/me', { ca: authority.ca })).status).toBe(200);
  expect((await signed(fake, 'GET', '/1.0/me', { ca: authority.ca, origin: fake.url.replace('https', 'http') })).status).toBe(400);
});

test('X34 other programs decide about keys by URL', async () => {
  await using fake = await FakeOvh.start();
  const keyOf = async () => String(member(await askForKey(fake, { accessRules: [{ method: 'GET', path: '/me' }] }), 'consumerKey'));
  const [good, bad] = [await keyOf(), await keyOf()];
  expect((await control(fake, 'POST', `credentials/${good}/validate`)).json).toEqual({ status: 'validated' });
  expect((await control(fake, 'POST', `credentials/${bad}/refuse`)).json).toEqual({ status: 'refused' });
  expect((await control(fake, 'POST', `credentials/${bad}/validate`)).status).toBe(409);
  expect((await control(fake, 'POST', 'credentials/none/validate')).status).toBe(403);
  expect((await control(fake, 'POST', `credentials/${good}/frame`)).status).toBe(404);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey: good } })).status).toBe(200);
  expect((await control(fake, 'POST', `credentials/${good}/expire`)).json).toEqual({ status: 'expired' });
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey: good } })).status).toBe(403);
});

test('tests decide about keys, too', async () => {
  await using fake = await FakeOvh.start();
  const { consumerKey } = fake.issue({ rules: [{ method: 'GET', path: '/me' }], status: 'pendingValidation' });
  fake.decide(consumerKey, 'validate');
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status).toBe(200);
  expect(() => fake.decide(consumerKey, 'refuse')).toThrow('nothing to refuse');
  expect(() => fake.decide('none', 'validate')).toThrow('nothing to validate');
});

test('other programs turn the clock, plan faults and read what happened', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000) });
  expect((await control(fake, 'POST', 'clock', { advance: 60 })).json).toEqual({ now: 1_800_000_060 });
  await control(fake, 'POST', 'faults', { target: 'GET /auth/time', fault: { kind: 'html' }, times: 2 });
  expect((await send(fake, 'GET', '/1.0/auth/time')).status).toBe(503);
  await control(fake, 'DELETE', 'faults');
  expect((await send(fake, 'GET', '/1.0/auth/time')).text).toBe('1800000060');
  await signed(fake, 'GET', '/1.0/me');
  const common = { method: 'GET', queryId: expect.stringMatching(/^SIM\./), credentialId: null, clientId: null };
  expect((await control(fake, 'GET', 'log')).json).toEqual([
    { ...common, target: '/1.0/auth/time', status: 503, verdict: 'fault: html' },
    { ...common, target: '/1.0/auth/time', status: 200, verdict: 'ok' },
    { ...common, target: '/1.0/me', status: 200, verdict: 'ok', credentialId: 1_234_567 },
  ]);
  expect((await control(fake, 'GET', 'state')).json).toMatchObject({ now: 1_800_000_060, servers: 12, vps: 6 });
  expect(member(await control(fake, 'GET', ''), 'settings')).toMatchObject({ errorStyle: 'current', quota: null });
});

test.each([
  ['clock', { advance: 'much' }],
  ['faults', { target: '*' }],
  ['faults', { target: '*', fault: { kind: 'fire' } }],
  ['faults', { target: 1, fault: { kind: 'html' } }],
] as const)('%s does not take %j', async (path, body) => {
  await using fake = await FakeOvh.start();
  expect((await control(fake, 'POST', path, body)).status).toBe(400);
});

test('no page of a browser steers it', async () => {
  await using fake = await FakeOvh.start();
  expect((await control(fake, 'POST', 'reset', null, { Origin: 'https://example.com' })).status).toBe(404);
  expect((await control(fake, 'GET', 'nothing')).status).toBe(404);
});

test('a reset brings back keys and world', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000) });
  const before = { keys: fake.keys, state: structuredClone(fake.state), account: fake.serviceAccount.clientId };
  await signed(fake, 'PUT', '/1.0/me', { body: '{"city":"Lille"}' });
  await signed(fake, 'POST', '/1.0/auth/logout');
  fake.faults.next('*', { kind: 'html' });
  fake.state.servers.clear();
  await control(fake, 'POST', 'reset');
  expect({ keys: fake.keys, state: fake.state, account: fake.serviceAccount.clientId }).toEqual(before);
  expect(fake.log).toEqual([]);
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
});

test('the log keeps the latest calls with what was sent', async () => {
  await using fake = await FakeOvh.start({ logSize: 2 });
  for (const city of ['a', 'b', 'c']) await signed(fake, 'PUT', '/1.0/me', { body: `{"city":"${city}"}` });
  expect(fake.log.map(({ body }) => body)).toEqual(['{"city":"b"}', '{"city":"c"}']);
  expect(fake.log[0]).toMatchObject({ method: 'PUT', target: '/1.0/me', status: 200, credentialId: 1_234_567 });
  expect(fake.log[0]?.headers['x-ovh-signature']).toMatch(/^\$1\$[0-9a-f]{40}$/);
  fake.clearLog();
  expect(fake.log).toEqual([]);
});

test('what an answer gave is no handle on the state', async () => {
  await using fake = await FakeOvh.start();
  const reply = await signed(fake, 'GET', '/1.0/me');
  (reply.json as Record<string, Json>).city = 'elsewhere';
  fake.state.account.city = 'Lille';
  expect(member(await signed(fake, 'GET', '/1.0/me'), 'city')).toBe('Lille');
});

test('paths outside of the API are not found', async () => {
  await using fake = await FakeOvh.start();
  for (const target of ['/', '/favicon.ico', '/auth/none', '/_fakes/state', '/1.0/vps/%zz']) {
    expect((await signed(fake, 'GET', target)).status).toBe(404);
  }
});

test('a client that goes away in the middle of its body hurts nobody', async () => {
  await using fake = await FakeOvh.start();
  const socket = connect(Number(new URL(fake.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /1.0/me HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"city"');
  await expect.poll(() => fake.connectionCount()).toBe(1);
  socket.destroy();
  await expect.poll(() => fake.connectionCount()).toBe(0);
  expect((await send(fake, 'GET', '/1.0/auth/time')).status).toBe(200);
});

test('other programs change how errors look, how often may be called and how long keys and tokens count; a reset takes it back', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), errorStyle: 'both' });
  const settings = { errorStyle: 'legacy', quota: { requests: 2, seconds: 60 }, keysValidFor: 60, autoValidateMs: 0, tokenLifetime: 5 };
  expect((await control(fake, 'POST', 'settings', settings)).status).toBe(200);
  expect((await send(fake, 'GET', '/1.0/nothing')).json).toEqual({ httpCode: '404 Not Found', message: 'Got an invalid (or empty) URL' });
  const statuses = [await signed(fake, 'GET', '/1.0/me'), await signed(fake, 'GET', '/1.0/me'), await signed(fake, 'GET', '/1.0/me')];
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect((await control(fake, 'POST', 'settings', { quota: null, errorStyle: 'current' })).status).toBe(200);
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
  const consumerKey = String(member(await askForKey(fake, { accessRules: [{ method: 'GET', path: '/me' }] }), 'consumerKey'));
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status).toBe(200);
  fake.clock.advance(60);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status).toBe(403);
  fake.reset();
  expect((await send(fake, 'GET', '/1.0/nothing')).json).toMatchObject({ class: 'Client::NotFound', httpCode: '404 Not Found' });
});

test.each([
  { errorStyle: 'modern' },
  { quota: { requests: 1 } },
  { quota: 5 },
  { keysValidFor: -1 },
  { tokenLifetime: '5' },
  { window: 5 },
])('the settings %j are refused by name', async (settings) => {
  await using fake = await FakeOvh.start();
  const reply = await control(fake, 'POST', 'settings', settings);
  expect([reply.status, member(reply, 'message')]).toEqual([400, `${Object.keys(settings)[0]} is no such setting`]);
});

test.each([
  { kind: 'status' },
  { kind: 'status', status: 99 },
  { kind: 'status', status: 500, message: 5 },
  { kind: 'delay' },
  { kind: 'delay', ms: 1e9 },
  { kind: 'redirect' },
  { kind: 'redirect', location: '/', status: 200 },
  { kind: 'body' },
  { kind: 'html', status: '503' },
  { kind: 'toString' },
])('the fault %j lacks what its kind wants', async (fault) => {
  await using fake = await FakeOvh.start();
  expect((await control(fake, 'POST', 'faults', { target: '*', fault })).status).toBe(400);
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
});

test('other programs let a share of all calls go wrong', async () => {
  await using fake = await FakeOvh.start();
  const fault = { kind: 'status', status: 503 };
  expect((await control(fake, 'POST', 'faults', { target: 'GET *', fault, share: 2 })).status).toBe(400);
  expect((await control(fake, 'POST', 'faults', { target: 'GET *', fault, share: 0.5 })).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 40; n += 1) statuses.push((await signed(fake, 'GET', '/1.0/me')).status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

test('other programs say what a service account may do', async () => {
  await using fake = await FakeOvh.start();
  const { clientId } = fake.serviceAccount;
  const headers = { Authorization: `Bearer ${fake.vault.issueToken(fake.serviceAccount, 60)}` };
  expect((await control(fake, 'POST', `clients/${clientId}`, { actions: ['vps:*'] })).status).toBe(200);
  expect((await send(fake, 'GET', '/1.0/vps', { headers })).status).toBe(200);
  expect((await send(fake, 'GET', '/1.0/me', { headers })).status).toBe(403);
  expect((await control(fake, 'POST', `clients/${clientId}`, { actions: '*' })).status).toBe(400);
  expect((await control(fake, 'POST', 'clients/none', { actions: [] })).status).toBe(404);
  expect((await control(fake, 'POST', 'clients/%zz', { actions: [] })).status).toBe(404);
});
