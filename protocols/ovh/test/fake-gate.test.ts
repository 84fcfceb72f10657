import { expect, test } from 'vitest';
import { type ErrorStyle, FakeClock, FakeOvh } from '../src/fake/index.ts';
import { member, type Signing, send, signed } from './support/fake-caller.ts';

const NONE = 'x'.repeat(32);
const READ_ME = [{ method: 'GET', path: '/me' }];

interface Case {
  readonly what: string;
  readonly signing: (fake: FakeOvh) => Signing;
  readonly status: number;
  readonly errorCode?: string;
  readonly kind: string;
  readonly message: string;
}

const FORBIDDEN = 'Client::Forbidden';

const CASES: readonly Case[] = [
  {
    what: 'an unknown application key',
    signing: () => ({ keys: { applicationKey: NONE } }),
    status: 403,
    errorCode: 'INVALID_KEY',
    kind: FORBIDDEN,
    message: 'This application key is invalid',
  },
  {
    what: 'no consumer key',
    signing: () => ({ headers: { 'X-Ovh-Consumer': '' } }),
    status: 401,
    kind: 'Client::Unauthorized',
    message: 'You must login first',
  },
  {
    what: 'a stale timestamp',
    signing: (fake) => ({ timestamp: Math.floor(fake.clock.now() / 1000) - 181 }),
    status: 400,
    errorCode: 'QUERY_TIME_OUT',
    kind: 'Client::BadRequest',
    message: 'Query out of time',
  },
  {
    what: 'an unknown consumer key',
    signing: () => ({ keys: { consumerKey: NONE } }),
    status: 403,
    errorCode: 'NOT_CREDENTIAL',
    kind: FORBIDDEN,
    message: 'This credential does not exist',
  },
  {
    what: 'a wrong application secret',
    signing: () => ({ keys: { applicationSecret: NONE } }),
    status: 400,
    errorCode: 'INVALID_SIGNATURE',
    kind: 'Client::BadRequest',
    message: 'Invalid signature',
  },
  {
    what: 'a credential nobody validated',
    signing: (fake) => ({ keys: fake.issue({ rules: READ_ME, status: 'pendingValidation' }) }),
    status: 403,
    errorCode: 'INVALID_CREDENTIAL',
    kind: FORBIDDEN,
    message: 'This credential is not valid',
  },
  {
    what: 'a rule that is missing',
    signing: (fake) => ({ keys: fake.issue({ rules: [{ method: 'POST', path: '/me' }] }) }),
    status: 403,
    errorCode: 'NOT_GRANTED_CALL',
    kind: FORBIDDEN,
    message: 'This call has not been granted',
  },
];

const STYLES: readonly ErrorStyle[] = ['legacy', 'current', 'both'];

test.each(STYLES.flatMap((style) => CASES.map((one) => ({ style, ...one }))))('X16 $what is refused in the $style body', async (one) => {
  await using fake = await FakeOvh.start({ errorStyle: one.style, clock: new FakeClock(1_800_000_000_000) });
  const reply = await signed(fake, 'GET', '/1.0/me', one.signing(fake));
  expect(reply.status).toBe(one.status);
  const legacy = {
    httpCode: expect.stringMatching(`^${one.status} `),
    ...(one.errorCode === undefined ? {} : { errorCode: one.errorCode }),
  };
  const members = {
    ...(one.style === 'current' ? {} : legacy),
    ...(one.style === 'legacy' ? {} : { class: one.kind }),
    message: one.message,
  };
  expect(reply.json).toEqual(members);
  expect(reply.headers['x-ovh-queryid']).toMatch(/^SIM\.ext-1\.[0-9a-f]{8}\.\d+\.[0-9a-f-]{36}$/);
  expect(fake.log.at(-1)).toMatchObject({
    verdict: one.errorCode ?? one.kind,
    status: one.status,
    queryId: reply.headers['x-ovh-queryid'],
  });
});

test('G15 the header of the query id can be spelled as other servers do', async () => {
  await using fake = await FakeOvh.start({ queryIdHeader: 'X-Ovh-QueryID' });
  const response = await fetch(`${fake.apiUrl}/nothing`);
  expect(response.headers.get('x-ovh-queryid')).toMatch(/^SIM\./);
  expect((await send(fake, 'GET', '/1.0/auth/time')).headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache, no-store',
    'x-content-type-options': 'nosniff',
  });
});

test.each([
  ['the edge of the past', -180, 200],
  ['beyond the past', -181, 400],
  ['the edge of the future', 180, 200],
  ['beyond the future', 181, 400],
])('X05 a timestamp at %s of the window: %i s', async (_, away, status) => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000) });
  expect((await signed(fake, 'GET', '/1.0/me', { timestamp: 1_800_000_000 + away })).status).toBe(status);
});

test.each(['', 'soon', '1800000000.5', '-1', '0x6b49d200', ' '])('X05 %j is no timestamp', async (timestamp) => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000) });
  expect(member(await signed(fake, 'GET', '/1.0/me', { timestamp }), 'message')).toBe('Query out of time');
});

test.each(['inactive', 'blocked'] as const)('an application that is %s has no valid key', async (status) => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  for (const application of fake.vault.applications.values()) application.status = status;
  expect(member(await signed(fake, 'GET', '/1.0/me'), 'errorCode')).toBe('INVALID_KEY');
});

test('a credential of another application does not exist', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const { applicationKey, applicationSecret } = fake.vault.addApplication('other');
  expect(member(await signed(fake, 'GET', '/1.0/me', { keys: { applicationKey, applicationSecret } }), 'errorCode')).toBe('NOT_CREDENTIAL');
});

test('X02 what is signed is the target as it was sent', async () => {
  await using fake = await FakeOvh.start({ echo: true });
  const targets = [
    '/1.0/a%20b',
    '/v1/a%2fb',
    "/1.0/x?y='z'",
    '/1.0/x?x={%22k%22:1}',
    '/1.0/%zz',
    '/1.0//double',
    '/v10/x',
    '/v2/a|b?q=~',
    '/1.0/a/../b',
  ];
  for (const target of targets.filter((one) => !one.startsWith('/v10'))) {
    const reply = await signed(fake, 'POST', target, { body: '{"a":"\\u00e8"}' });
    expect([target, reply.status, member(reply, 'target'), member(reply, 'body')]).toEqual([target, 200, target, '{"a":"\\u00e8"}']);
  }
  expect((await signed(fake, 'GET', '/1.0/me?', { origin: `${fake.url}/1.0/me#` })).status).toBe(400);
});

test('X19 only /1.0, /v1 and /v2 as whole segments are the API', async () => {
  await using fake = await FakeOvh.start();
  for (const target of ['/v10/me', '/v2x/iam/policy', '/me', '/1.0me', '/v3/me'])
    expect((await signed(fake, 'GET', target)).status).toBe(404);
  for (const target of ['/1.0/me', '/v1/me', '/v2/iam/policy']) expect((await signed(fake, 'GET', target)).status).toBe(200);
});

test('another origin counts when the fake is behind one', async () => {
  await using fake = await FakeOvh.start({ publicOrigin: 'https://eu.api.ovh.com' });
  expect((await signed(fake, 'GET', '/1.0/me', { origin: 'https://eu.api.ovh.com' })).status).toBe(200);
  expect((await signed(fake, 'GET', '/1.0/me')).status).toBe(400);
});

test.each([
  ['GET', '/vps', 'GET', '/1.0/vps', true],
  ['GET', '/vps/*', 'GET', '/1.0/vps', false],
  ['GET', '/vps', 'GET', '/1.0/vps?iamTags=null', true],
  ['POST', '/vps', 'GET', '/1.0/vps', false],
  ['GET', '/*', 'GET', '/v1/vps', true],
  ['GET', '/dedicated/server/*/ips', 'GET', '/1.0/dedicated/server/NAME/ips', true],
  ['GET', '/dedicated/server/*/ips', 'GET', '/1.0/dedicated/server/NAME/task', false],
  ['GET', '/v2/iam/*', 'GET', '/v2/iam/policy', true],
  ['GET', '/iam/*', 'GET', '/v2/iam/policy', true],
  ['GET', '/v1/me', 'GET', '/1.0/me', false],
  ['GET', '/vps ', 'GET', '/1.0/vps', false],
])('X35 the rule %s %s for %s %s: %s', async (method, path, verb, target, granted) => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const { consumerKey } = fake.issue({ rules: [{ method, path }] });
  const name = [...fake.state.servers.keys()][0] ?? '';
  const reply = await signed(fake, verb, target.replace('NAME', name), { keys: { consumerKey } });
  expect([reply.status, member(reply, 'errorCode')]).toEqual(granted ? [200, undefined] : [403, 'NOT_GRANTED_CALL']);
});

test.each([
  [['192.0.2.0/24'], 403],
  [['127.0.0.0/8'], 200],
  [['127.0.0.1'], 200],
  [['2001:db8::/32', '127.0.0.1/32'], 200],
  [[], 200],
])('a credential for addresses in %j: %i', async (allowedIPs, status) => {
  await using fake = await FakeOvh.start({ errorStyle: 'legacy' });
  const { consumerKey } = fake.issue({ rules: READ_ME, allowedIPs });
  const reply = await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } });
  expect([reply.status, member(reply, 'errorCode')]).toEqual([status, status === 403 ? 'FORBIDDEN' : undefined]);
});

test('a section that nobody knows is not found before anybody is asked who he is', async () => {
  await using fake = await FakeOvh.start();
  const reply = await send(fake, 'GET', '/1.0/nothing');
  expect([reply.status, member(reply, 'class'), member(reply, 'message')]).toEqual([
    404,
    'Client::NotFound',
    'Got an invalid (or empty) URL',
  ]);
  expect((await send(fake, 'GET', '/1.0/vps/a/nothing')).status).toBe(403);
  expect((await signed(fake, 'GET', '/1.0/vps/a/nothing')).status).toBe(404);
  expect((await signed(fake, 'PUT', '/1.0/vps')).status).toBe(404);
});

test('a body that is not what the route takes is refused', async () => {
  await using fake = await FakeOvh.start();
  const bodies: ReadonlyArray<readonly [string, string]> = [
    ['{"city":5}', 'Given data is not valid for parameter city of type string'],
    ['{"colour":"red"}', 'Received not described parameters: (colour) while calling (PUT /me)'],
    ['[1]', 'The body has to be an object'],
    ['{"city"', 'The body is not valid JSON'],
  ];
  for (const [body, message] of bodies) {
    const reply = await signed(fake, 'PUT', '/1.0/me', { body });
    expect([reply.status, member(reply, 'message')]).toEqual([400, message]);
  }
  expect(member(await signed(fake, 'GET', '/1.0/ip?version=four'), 'message')).toBe(
    'Given data is not valid for parameter version of type long',
  );
  expect(member(await signed(fake, 'GET', '/1.0/me?a=1'), 'message')).toContain('not described');
});

test('a body above 8 MiB is refused', async () => {
  await using fake = await FakeOvh.start();
  const reply = await signed(fake, 'POST', '/1.0/me', { body: 'x'.repeat(8 * 1024 * 1024 + 1) });
  expect(reply.status).toBe(413);
});

test('X16 of several reasons the first one is told, in the order of the API', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), errorStyle: 'both' });
  const { consumerKey } = fake.issue({ rules: READ_ME, status: 'pendingValidation', allowedIPs: ['192.0.2.1'] });
  const credential = fake.vault.credentials.get(consumerKey);
  const bad = { applicationKey: NONE, applicationSecret: NONE, consumerKey: NONE };
  const stale = 1_700_000_000;
  const target = '/1.0/vps?nonsense=1';
  fake.faults.next('/nothing', { kind: 'status', status: 418 });
  const steps: ReadonlyArray<readonly [number, string | undefined, string, Signing]> = [
    [418, undefined, '/1.0/nothing', { keys: bad, timestamp: stale }],
    [404, undefined, '/1.0/nothing', { keys: bad, timestamp: stale }],
    [401, undefined, target, { keys: bad, timestamp: stale, headers: { Authorization: 'Bearer x' } }],
    [403, 'INVALID_KEY', target, { keys: bad, timestamp: stale, headers: { 'X-Ovh-Consumer': '' } }],
    [
      401,
      undefined,
      target,
      { keys: { ...bad, applicationKey: fake.keys.applicationKey }, timestamp: stale, headers: { 'X-Ovh-Consumer': '' } },
    ],
    [400, 'QUERY_TIME_OUT', target, { keys: { ...bad, applicationKey: fake.keys.applicationKey }, timestamp: stale }],
    [403, 'NOT_CREDENTIAL', target, { keys: { ...bad, applicationKey: fake.keys.applicationKey } }],
    [400, 'INVALID_SIGNATURE', target, { keys: { applicationSecret: NONE, consumerKey } }],
    [403, 'INVALID_CREDENTIAL', target, { keys: { consumerKey } }],
  ];
  for (const [status, code, path, signing] of steps) {
    const reply = await signed(fake, 'GET', path, signing);
    expect([reply.status, member(reply, 'errorCode')]).toEqual([status, code]);
  }
  fake.decide(consumerKey, 'validate');
  const told = async () => member(await signed(fake, 'GET', target, { keys: { consumerKey } }), 'errorCode');
  expect(await told()).toBe('FORBIDDEN');
  if (credential !== undefined) credential.allowedIPs = null;
  expect(await told()).toBe('NOT_GRANTED_CALL');
  const unknown = await signed(fake, 'GET', target);
  expect([unknown.status, member(unknown, 'message')]).toEqual([400, expect.stringContaining('nonsense')]);
});
