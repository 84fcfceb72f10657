import { expect, test } from 'vitest';
import { FakeClock, FakeOvh } from '../src/fake/index.ts';
import { askForKey, member, send, signed } from './support/fake-caller.ts';

const RULES = [
  { method: 'GET', path: '/me' },
  { method: 'GET', path: '/vps' },
];

async function pendingKey(fake: FakeOvh, more: Readonly<Record<string, string>> = {}) {
  const reply = await askForKey(fake, { accessRules: RULES, ...more });
  return { consumerKey: String(member(reply, 'consumerKey')), page: String(member(reply, 'validationUrl')).slice(fake.url.length) };
}

function press(fake: FakeOvh, page: string, action: string, validity?: string) {
  const body = `action=${action}${validity === undefined ? '' : `&validity=${validity}`}`;
  return send(fake, 'POST', page, { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
}

test('P05 N21 the time is told to everybody, as an integer', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_457_018_875_467), clockSkew: 6 });
  expect(await send(fake, 'GET', '/1.0/auth/time')).toMatchObject({ status: 200, text: '1457018881' });
  expect((await send(fake, 'GET', '/v1/auth/time')).text).toBe('1457018881');
});

test('P06 N22 G45 a key is asked for with nothing but the application key', async () => {
  await using fake = await FakeOvh.start();
  const reply = await askForKey(fake, { accessRules: RULES, redirection: null, allowedIPs: ['127.0.0.0/8'] });
  expect(reply.json).toEqual({
    consumerKey: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    validationUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/auth\/\?credentialToken=[A-Za-z0-9]{64}$/),
    state: 'pendingValidation',
  });
  expect(fake.vault.credentials.get(String(member(reply, 'consumerKey')))).toMatchObject({ rules: RULES, allowedIPs: ['127.0.0.0/8'] });
});

test('G46 an unknown application gets no key', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'legacy' });
  const reply = await send(fake, 'POST', '/1.0/auth/credential', {
    headers: { 'X-Ovh-Application': 'nobody' },
    body: '{"accessRules":[]}',
  });
  expect([reply.status, member(reply, 'errorCode')]).toEqual([403, 'INVALID_KEY']);
});

test.each([[[]], ['/me'], [[{ method: 'PATCH', path: '/me' }]], [[{ method: 'get', path: '/me' }]], [[{ method: 'GET' }]], [[null]]])(
  'X40 the rules %j are refused in the words of the API',
  async (accessRules) => {
    await using fake = await FakeOvh.start();
    const reply = await askForKey(fake, { accessRules });
    expect(reply.status).toBe(400);
    expect(member(reply, 'message')).toBe("Body parameter accessRules isn't formated correctly");
  },
);

test.each([{ redirection: 'javascript:alert(1)' }, { redirection: 'nowhere' }, { allowedIPs: ['192.0.2.0/33'] }, { allowedIPs: ['me'] }])(
  'a key with %j is refused',
  async (more) => {
    await using fake = await FakeOvh.start();
    expect((await askForKey(fake, { accessRules: RULES, ...more })).status).toBe(400);
  },
);

test('X34 a person allows a key on the page, and is sent back', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const { consumerKey, page } = await pendingKey(fake, { redirection: 'https://example.com/back?a=1' });
  const keys = { consumerKey };
  expect(member(await signed(fake, 'GET', '/1.0/me', { keys }), 'errorCode')).toBe('INVALID_CREDENTIAL');
  expect(member(await signed(fake, 'GET', '/1.0/auth/currentCredential', { keys }), 'status')).toBe('pendingValidation');
  expect((await send(fake, 'GET', page)).text).toContain('GET /vps');
  expect(await press(fake, page, 'validate')).toMatchObject({ status: 302, headers: { location: 'https://example.com/back?a=1' } });
  expect((await signed(fake, 'GET', '/1.0/me', { keys })).status).toBe(200);
  expect((await press(fake, page, 'refuse')).status).toBe(409);
});

test('X34 a person refuses a key', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const { consumerKey, page } = await pendingKey(fake);
  expect((await press(fake, page, 'perhaps')).status).toBe(400);
  expect(await press(fake, page, 'refuse')).toMatchObject({ status: 200, text: expect.stringContaining('Refused') });
  expect(member(await signed(fake, 'GET', '/1.0/auth/currentCredential', { keys: { consumerKey } }), 'errorCode')).toBe(
    'INVALID_CREDENTIAL',
  );
  expect(fake.vault.credentials.get(consumerKey)?.status).toBe('refused');
});

test('the page shows rules as text, whatever is in them', async () => {
  await using fake = await FakeOvh.start();
  const reply = await askForKey(fake, { accessRules: [{ method: 'GET', path: '/<script>alert("1")</script>' }] });
  const page = await send(fake, 'GET', String(member(reply, 'validationUrl')).slice(fake.url.length));
  expect(page.text).not.toContain('<script>');
  expect((await send(fake, 'GET', '/auth/?credentialToken=none')).status).toBe(404);
});

test('X34 keys can become valid by themselves, and end', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), autoValidateMs: 5000 });
  const { consumerKey } = await pendingKey(fake);
  fake.clock.advance(4);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status).toBe(403);
  fake.clock.advance(1);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status).toBe(200);
  const short = fake.issue({ rules: RULES, validFor: 60 });
  expect((await signed(fake, 'GET', '/1.0/me', { keys: short })).status).toBe(200);
  fake.clock.advance(60);
  expect((await signed(fake, 'GET', '/1.0/me', { keys: short })).status).toBe(403);
  expect(short.status).toBe('expired');
});

test('X34 while it is pending currentCredential can be closed, too', async () => {
  await using fake = await FakeOvh.start({ pendingMayAsk: false });
  const { consumerKey } = await pendingKey(fake);
  expect((await signed(fake, 'GET', '/1.0/auth/currentCredential', { keys: { consumerKey } })).status).toBe(403);
});

test('X35 what a key may do is told to it without a rule, unless the fake is told to want one', async () => {
  await using open = await FakeOvh.start();
  await using strict = await FakeOvh.start({ ownNeedsRule: true });
  for (const [fake, status] of [
    [open, 200],
    [strict, 403],
  ] as const) {
    const keys = fake.issue({ rules: RULES });
    expect((await signed(fake, 'GET', '/1.0/auth/currentCredential', { keys })).status).toBe(status);
  }
});

test('the credential and its owner are told as the API tells them', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000) });
  const { credentialId, consumerKey } = fake.issue({ rules: RULES, allowedIPs: ['127.0.0.1'], validFor: 3600 });
  const keys = { consumerKey };
  expect((await signed(fake, 'GET', '/1.0/auth/currentCredential', { keys })).json).toEqual({
    credentialId,
    applicationId: 76_543,
    status: 'validated',
    creation: '2027-01-15T08:00:00+00:00',
    expiration: '2027-01-15T09:00:00+00:00',
    lastUse: '2027-01-15T08:00:00+00:00',
    ovhSupport: false,
    allowedIPs: ['127.0.0.1'],
    rules: RULES,
  });
  expect((await signed(fake, 'GET', '/1.0/auth/details', { keys })).json).toMatchObject({ account: 'ab12345-ovh', allowedRoutes: RULES });
});

test('a logout ends the credential that asks for it', async () => {
  await using fake = await FakeOvh.start({ errorStyle: 'both' });
  const keys = fake.issue({ rules: RULES });
  expect(await signed(fake, 'POST', '/1.0/auth/logout', { keys })).toMatchObject({ status: 200, text: 'null' });
  expect(member(await signed(fake, 'GET', '/1.0/me', { keys }), 'errorCode')).toBe('INVALID_CREDENTIAL');
});

test('credentials are listed, limited to addresses and removed', async () => {
  await using fake = await FakeOvh.start();
  const { credentialId } = fake.issue({ rules: RULES, status: 'pendingValidation' });
  const path = `/1.0/me/api/credential/${credentialId}`;
  expect((await signed(fake, 'GET', '/1.0/me/api/credential?status=pendingValidation')).json).toEqual([credentialId]);
  expect((await signed(fake, 'GET', '/1.0/me/api/credential?applicationId=1')).json).toEqual([]);
  expect(member(await signed(fake, 'GET', `${path}/application`), 'applicationKey')).toBe(fake.keys.applicationKey);
  await signed(fake, 'PUT', path, { body: '{"allowedIPs":["192.0.2.1"]}' });
  expect(member(await signed(fake, 'GET', path), 'allowedIPs')).toEqual(['192.0.2.1']);
  expect((await signed(fake, 'DELETE', path)).status).toBe(200);
  expect(member(await signed(fake, 'GET', path), 'status')).toBe('expired');
  expect((await signed(fake, 'GET', '/1.0/me/api/credential/1')).status).toBe(404);
});

test('an application takes its credentials along', async () => {
  await using fake = await FakeOvh.start();
  const { applicationId } = fake.vault.addApplication('other');
  const { consumerKey } = fake.vault.addCredential({ applicationId, rules: RULES });
  expect((await signed(fake, 'GET', '/1.0/me/api/application')).json).toEqual([76_543, applicationId]);
  expect((await signed(fake, 'GET', `/1.0/me/api/application/${applicationId}`)).text).not.toContain('Secret');
  await signed(fake, 'DELETE', `/1.0/me/api/application/${applicationId}`);
  expect(fake.vault.credentials.has(consumerKey)).toBe(false);
  expect((await signed(fake, 'GET', `/1.0/me/api/application/${applicationId}`)).status).toBe(404);
});

test('X34 a key counts as long as the person says, else as long as the fake was told', async () => {
  const clock = new FakeClock(1_800_000_000_000);
  await using fake = await FakeOvh.start({ clock, keysValidFor: 3600 });
  const [usual, day, ever, told] = [await pendingKey(fake), await pendingKey(fake), await pendingKey(fake), await pendingKey(fake)];
  clock.advance(7200); // a key counts from its validation on
  await press(fake, usual.page, 'validate');
  await press(fake, day.page, 'validate', '86400');
  await press(fake, ever.page, 'validate', 'unlimited');
  const answer = await send(fake, 'POST', `/_fake/credentials/${told.consumerKey}/validate`, { body: '{"validFor":60}' });
  expect(answer.status).toBe(200);
  const open = async () => {
    const replies = [told, usual, day, ever].map(({ consumerKey }) => signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } }));
    return (await Promise.all(replies)).map(({ status }) => status);
  };
  expect(await open()).toEqual([200, 200, 200, 200]);
  clock.advance(60);
  expect(await open()).toEqual([403, 200, 200, 200]);
  clock.advance(3600);
  expect(await open()).toEqual([403, 403, 200, 200]);
  clock.advance(86_400);
  expect(await open()).toEqual([403, 403, 403, 200]);
});

test('X34 a validity that is no choice is refused, and decides nothing', async () => {
  await using fake = await FakeOvh.start();
  const { consumerKey, page } = await pendingKey(fake);
  expect((await press(fake, page, 'validate', '5')).status).toBe(400);
  expect((await send(fake, 'POST', `/_fake/credentials/${consumerKey}/validate`, { body: '{"validFor":"long"}' })).status).toBe(400);
  expect((await press(fake, page, 'validate')).status).toBe(200);
});

test('X34 a key that is asked for with autoValidate becomes valid by itself, and no schema tells so', async () => {
  const clock = new FakeClock(1_800_000_000_000);
  await using fake = await FakeOvh.start({ clock });
  const ask = (query: string) =>
    send(fake, 'POST', `/1.0/auth/credential?${query}`, {
      headers: { 'X-Ovh-Application': fake.keys.applicationKey },
      body: JSON.stringify({ accessRules: RULES }),
    });
  const consumerKey = String(member(await ask('autoValidate=500'), 'consumerKey'));
  const me = async () => (await signed(fake, 'GET', '/1.0/me', { keys: { consumerKey } })).status;
  expect(await me()).toBe(403);
  clock.advance(1);
  expect(await me()).toBe(200);
  expect((await ask('autoValidate=soon')).status).toBe(400);
  expect((await send(fake, 'GET', '/1.0/auth.json')).text).not.toContain('autoValidate');
});
