import { expect, test } from 'vitest';
import { FakeClock, FakeOvh } from '../src/fake/index.ts';
import { askForToken, member, send, signed } from './support/fake-caller.ts';

const WANTED = { grant_type: 'client_credentials', scope: 'all' };

async function tokenOf(fake: FakeOvh): Promise<string> {
  const { clientId, clientSecret } = fake.serviceAccount;
  return String(member(await askForToken(fake, WANTED, `${clientId}:${clientSecret}`), 'access_token'));
}

function withToken(fake: FakeOvh, target: string, token: string, method = 'GET') {
  return send(fake, method, target, { headers: { Authorization: `Bearer ${token}` } });
}

test('P29 N30 a service account gets a token by Basic, and calls with it', async () => {
  await using fake = await FakeOvh.start();
  const { clientId, clientSecret } = fake.serviceAccount;
  const reply = await askForToken(fake, WANTED, `${clientId}:${clientSecret}`);
  expect(reply.json).toEqual({
    access_token: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    token_type: 'Bearer',
    expires_in: 3599,
    scope: 'all',
  });
  const token = String(member(reply, 'access_token'));
  expect((await withToken(fake, '/1.0/me', token)).status).toBe(200);
  expect((await withToken(fake, '/v2/iam/policy', token)).status).toBe(200);
  expect(fake.log.at(-1)).toMatchObject({ clientId, verdict: 'ok' });
});

test('G28 the details of a service account name its identity', async () => {
  await using fake = await FakeOvh.start();
  const identities = member(await withToken(fake, '/v1/auth/details', await tokenOf(fake)), 'identities');
  expect(identities).toContain(`urn:v1:eu:identity:credential:ab12345-ovh/oauth2-${fake.serviceAccount.clientId}`);
});

test.each([
  ['both', [200, 200]],
  ['basic', [200, 400]],
  ['body', [400, 200]],
] as const)('X30 a token endpoint that takes %s', async (clientAuth, statuses) => {
  await using fake = await FakeOvh.start({ clientAuth });
  const { clientId, clientSecret } = fake.serviceAccount;
  const basic = await askForToken(fake, WANTED, `${clientId}:${clientSecret}`);
  const body = await askForToken(fake, { ...WANTED, client_id: clientId, client_secret: clientSecret });
  expect([basic.status, body.status]).toEqual(statuses);
  for (const reply of [basic, body]) if (reply.status === 400) expect(member(reply, 'error')).toBe('invalid_client');
});

test('id and secret are form-encoded in Basic', async () => {
  await using fake = await FakeOvh.start();
  fake.vault.addClient({ name: 'odd', description: '', clientId: 'id:1', clientSecret: 's+crét' });
  expect((await askForToken(fake, WANTED, 'id%3A1:s%2Bcr%C3%A9t')).status).toBe(200);
  expect((await askForToken(fake, WANTED, 'id%3A1:s+cr%C3%A9t')).status).toBe(401);
});

test('P32 N31 G26 an unknown service account is told so', async () => {
  await using fake = await FakeOvh.start();
  const reply = await askForToken(fake, WANTED, 'nobody:nothing');
  expect([reply.status, reply.headers['www-authenticate'], member(reply, 'error')]).toEqual([
    401,
    'Basic realm="oauth2"',
    'invalid_client',
  ]);
  expect(member(reply, 'error_description')).toBe('Invalid client or client credentials');
});

test.each([
  [{ grant_type: 'password', scope: 'all' }, 'unsupported_grant_type'],
  [{ grant_type: 'client_credentials' }, 'invalid_scope'],
])('a request of %j is refused', async (form, error) => {
  await using fake = await FakeOvh.start();
  const { clientId, clientSecret } = fake.serviceAccount;
  expect(await askForToken(fake, form, `${clientId}:${clientSecret}`)).toMatchObject({ status: 400, json: { error } });
});

test('P29 N32 X29 a token ends by the clock, or when it is revoked', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(1_800_000_000_000), tokenLifetime: 60 });
  const token = await tokenOf(fake);
  fake.clock.advance(59);
  expect((await withToken(fake, '/1.0/me', token)).status).toBe(200);
  fake.clock.advance(1);
  expect(await withToken(fake, '/1.0/me', token)).toMatchObject({ status: 401, json: { class: 'Client::Unauthorized' } });
  const next = await tokenOf(fake);
  fake.vault.revokeTokens();
  expect((await withToken(fake, '/1.0/me', next)).status).toBe(401);
  expect((await send(fake, 'GET', '/1.0/me', { headers: { Authorization: 'Basic eA==' } })).status).toBe(401);
});

test('G50 an action that IAM does not allow is named', async () => {
  await using fake = await FakeOvh.start();
  fake.serviceAccount.actions = ['vps:*', 'account:apiovh:me/get'];
  const token = await tokenOf(fake);
  const [name] = fake.state.servers.keys();
  expect((await withToken(fake, '/1.0/vps', token)).status).toBe(200);
  expect((await withToken(fake, '/1.0/me', token)).status).toBe(200);
  const reply = await withToken(fake, `/1.0/dedicated/server/${name}/reboot`, token, 'POST');
  expect([reply.status, reply.json]).toEqual([
    403,
    {
      class: 'Client::Forbidden',
      message: 'User not granted for this request',
      details: { unauthorizedActionsByAuthentication: '', unauthorizedActionsByIAM: 'dedicatedServer:apiovh:reboot' },
    },
  ]);
  const listed = await withToken(fake, `/1.0/dedicated/server/${name}/serviceInfos`, token);
  expect(listed.text).toContain('dedicatedServer:apiovh:serviceInfos/get');
});

test('a service account has no consumer key to end', async () => {
  await using fake = await FakeOvh.start();
  const token = await tokenOf(fake);
  expect((await withToken(fake, '/1.0/auth/currentCredential', token)).status).toBe(400);
});

test('service accounts are made, changed and deleted', async () => {
  await using fake = await FakeOvh.start();
  const wish = { callbackUrls: ['https://example.com/'], flow: 'CLIENT_CREDENTIALS', name: 'gateway', description: 'reads' };
  const made = await signed(fake, 'POST', '/1.0/me/api/oauth2/client', { body: JSON.stringify(wish) });
  const [clientId, clientSecret] = [String(member(made, 'clientId')), String(member(made, 'clientSecret'))];
  const path = `/1.0/me/api/oauth2/client/${clientId}`;
  expect((await askForToken(fake, WANTED, `${clientId}:${clientSecret}`)).status).toBe(200);
  await signed(fake, 'PUT', path, { body: '{"description":"reads all","name":null}' });
  expect(member(await signed(fake, 'GET', path), 'callbackUrls')).toEqual(['https://example.com/']);
  await signed(fake, 'PUT', path, { body: '{"callbackUrls":[]}' });
  const shown = await signed(fake, 'GET', path);
  expect(shown.json).toMatchObject({
    name: 'gateway',
    description: 'reads all',
    callbackUrls: [],
    identity: expect.stringContaining(`/oauth2-${clientId}`),
  });
  expect(shown.text).not.toContain(clientSecret);
  await signed(fake, 'DELETE', path);
  expect((await askForToken(fake, WANTED, `${clientId}:${clientSecret}`)).status).toBe(401);
  const human = await signed(fake, 'POST', '/1.0/me/api/oauth2/client', { body: JSON.stringify({ ...wish, flow: 'AUTHORIZATION_CODE' }) });
  expect(human.status).toBe(400);
});
