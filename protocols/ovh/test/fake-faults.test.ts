import { expect, test } from 'vitest';
import { FakeClock, FakeOvh, type Fault } from '../src/fake/index.ts';
import { askForToken, member, send, signed } from './support/fake-caller.ts';

function time(fake: FakeOvh) {
  return send(fake, 'GET', '/1.0/auth/time');
}

test.each([
  [{ kind: 'html' }, 503, 'text/html; charset=utf-8'],
  [{ kind: 'html', status: 502 }, 502, 'text/html; charset=utf-8'],
  [{ kind: 'body', body: '[]', status: 500 }, 500, 'application/json'],
  [{ kind: 'body', body: 'null' }, 200, 'application/json'],
  [{ kind: 'body', body: 'x', contentType: 'text/plain' }, 200, 'text/plain'],
  [{ kind: 'status', status: 429 }, 429, 'application/json; charset=utf-8'],
  [{ kind: 'redirect', location: 'https://example.com/' }, 302, undefined],
  [{ kind: 'redirect', status: 307, location: '/1.0/me' }, 307, undefined],
  [{ kind: 'empty' }, 200, 'application/json; charset=utf-8'],
] satisfies Array<[Fault, number, string | undefined]>)('X16 X12 X15 the fault %j is answered once', async (fault, status, type) => {
  await using fake = await FakeOvh.start();
  fake.faults.next('/auth/time', fault);
  const reply = await time(fake);
  expect([reply.status, reply.headers['content-type']]).toEqual([status, type]);
  if (fault.kind === 'body') expect(reply.text).toBe(fault.body);
  if (fault.kind === 'redirect') expect(reply.headers.location).toBe(fault.location);
  if (fault.kind === 'empty') expect(reply.text).toBe('');
  expect(reply.headers['x-ovh-queryid']).toMatch(/^SIM\./);
  expect(fake.log.at(-1)?.verdict).toBe(`fault: ${fault.kind}`);
  expect((await time(fake)).status).toBe(200);
});

test('P24 any status, class, code and Retry-After', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  fake.faults.next('GET /me', { kind: 'status', status: 403, class: 'Client::Forbidden::Busy', message: 'later', errorCode: 'FORBIDDEN' });
  fake.faults.next('GET /me', { kind: 'status', status: 503, retryAfter: date });
  fake.faults.next('GET /me', { kind: 'status', status: 429, retryAfter: 7 });
  expect((await signed(fake, 'GET', '/1.0/me')).json).toEqual({
    class: 'Client::Forbidden::Busy',
    errorCode: 'FORBIDDEN',
    httpCode: '403 Forbidden',
    message: 'later',
  });
  expect((await signed(fake, 'GET', '/1.0/me')).headers['retry-after']).toBe(date);
  expect((await signed(fake, 'GET', '/1.0/me')).headers['retry-after']).toBe('7');
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
});

test('half of the JSON is a complete answer', async () => {
  await using fake = await FakeOvh.start();
  fake.faults.next('/me', { kind: 'truncate' });
  const reply = await signed(fake, 'GET', '/1.0/me');
  expect([reply.status, reply.json]).toEqual([200, null]);
  expect(reply.text.startsWith('{"nichandle"')).toBe(true);
});

test('X14 bytes one by one are the right answer', async () => {
  await using fake = await FakeOvh.start();
  fake.faults.next('/me', { kind: 'drip' });
  expect(member(await signed(fake, 'GET', '/1.0/me'), 'currency')).toEqual({ code: 'EUR', symbol: '€' });
});

test.each(['reset', 'cut', 'lost-answer'] as const)('X08 a connection that ends: %s', async (kind) => {
  await using fake = await FakeOvh.start();
  const [name = ''] = fake.state.servers.keys();
  const before = fake.state.servers.get(name)?.tasks.size ?? 0;
  fake.faults.next('POST /dedicated/server/*', { kind });
  await expect(signed(fake, 'POST', `/1.0/dedicated/server/${name}/reboot`)).rejects.toThrow();
  expect(fake.state.servers.get(name)?.tasks.size).toBe(kind === 'reset' ? before : before + 1);
});

test('P30 a token endpoint that hangs is let go by its client, and ends with the fake', async () => {
  const fake = await FakeOvh.start();
  fake.faults.next('/auth/oauth2/token', { kind: 'hang' }, 2);
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  await expect(fetch(fake.tokenUrl, { method: 'POST', body, signal: AbortSignal.timeout(50) })).rejects.toThrow();
  const hung = askForToken(fake, {});
  const ended = expect(hung).rejects.toThrow();
  await fake.close();
  await ended;
});

test('a delay ends with the fake, too', async () => {
  const fake = await FakeOvh.start();
  fake.faults.next('*', { kind: 'delay', ms: 60_000 });
  const ended = expect(time(fake)).rejects.toThrow();
  await expect.poll(() => fake.connectionCount()).toBe(1);
  await fake.close();
  await ended;
});

test('a delay answers well afterwards', async () => {
  await using fake = await FakeOvh.start();
  fake.faults.next('*', { kind: 'delay', ms: 5 });
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
});

test('faults wait for their target', async () => {
  await using fake = await FakeOvh.start();
  fake.faults.next('POST /auth/*', { kind: 'status', status: 500 });
  fake.faults.next('/v2/iam/*', { kind: 'status', status: 501 }, 2);
  expect((await time(fake)).status).toBe(200);
  expect((await signed(fake, 'GET', '/v2/iam/policy')).status).toBe(501);
  expect((await signed(fake, 'POST', '/1.0/auth/logout')).status).toBe(500);
  fake.faults.clear('/v2/iam/*');
  expect((await signed(fake, 'GET', '/v2/iam/policy')).status).toBe(200);
});

test('a share of all calls fails, the same ones for the same seed', async () => {
  const patterns: string[] = [];
  for (const seed of [7, 7, 8]) {
    await using fake = await FakeOvh.start({ seed });
    fake.faults.sometimes('*', 0.3, { kind: 'status', status: 429, retryAfter: 0 }, { kind: 'status', status: 503 });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await time(fake)).status);
    patterns.push(statuses.join());
    expect(new Set(statuses)).toEqual(new Set([200, 429, 503]));
    fake.faults.clear();
    expect((await time(fake)).status).toBe(200);
  }
  expect(patterns[0]).toBe(patterns[1]);
  expect(patterns[0]).not.toBe(patterns[2]);
});

test('X10 a quota answers 429 with the seconds that are left, for each caller', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), quota: { requests: 2, seconds: 10 } });
  const other = fake.issue({ rules: [{ method: 'GET', path: '/me' }] });
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await signed(fake, 'GET', '/1.0/me')).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: other })).status).toBe(200);
  fake.clock.advance(4);
  const reply = await signed(fake, 'GET', '/1.0/me');
  expect([reply.status, reply.headers['retry-after'], member(reply, 'message')]).toEqual([429, '6', 'Too many requests']);
  fake.clock.advance(6);
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
  fake.quota = undefined;
  for (let n = 0; n < 4; n += 1) expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(200);
});

test('X05 X06 a clock that jumps makes old timestamps stale', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), errorStyle: 'legacy' });
  fake.clock.advance(3600);
  expect(member(await signed(fake, 'GET', '/1.0/me', { timestamp: 1_800_000_000 }), 'errorCode')).toBe('QUERY_TIME_OUT');
  expect((await time(fake)).text).toBe('1800003600');
});
