import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { type ClientOptions, type HeldToken, NetworkError, OAuth2Error, type TokenStore } from '../src/index.ts';
import { clientOf, failureOf, oauth2Of, smallServer, TestClock, type World, world } from './support/world.ts';

async function service(options: ClientOptions = {}, fakeOptions: Parameters<typeof world>[1] = {}): Promise<World & { tokens(): number }> {
  const at = await world({}, fakeOptions);
  const client = at.another({ ...oauth2Of(at.fake), ...options });
  const tokens = () => at.calls().filter((line) => line === 'POST /auth/oauth2/token').length;
  return { ...at, client, tokens };
}

test('P29 G27 N30: the first call fetches a token, the second uses it; header Bearer and nothing of X-Ovh', async () => {
  await using at = await service();
  await at.client.get('/me');
  await at.client.get('/me');
  expect(at.fake.log.map((entry) => `${entry.method} ${entry.target}`)).toEqual(['POST /auth/oauth2/token', 'GET /1.0/me', 'GET /1.0/me']);
  const [token, call] = at.fake.log;
  expect(token?.body).toBe('grant_type=client_credentials&scope=all');
  expect(token?.headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  expect(call?.headers.authorization).toMatch(/^Bearer \S+$/);
  expect(Object.keys(call?.headers ?? {}).filter((name) => name.startsWith('x-ovh'))).toEqual([]);
});

test('the Basic header has both halves form-encoded', async () => {
  await using server = await smallServer((response) => response.end('{"access_token":"t","expires_in":3599}'));
  const options = { applicationKey: '', applicationSecret: '', consumerKey: '', tokenUrl: `${server.url}/token` };
  for (const [clientId, clientSecret, basic] of [
    ['oauth2_id', 'oauth2_secret', 'Basic b2F1dGgyX2lkOm9hdXRoMl9zZWNyZXQ='],
    ['id:1', 's+crét', 'Basic aWQlM0ExOnMlMkJjciVDMyVBOXQ='],
  ]) {
    using client = clientOf(server, { ...options, clientId, clientSecret });
    await client.get('/x');
    expect(server.received.filter(({ target }) => target === '/token').at(-1)?.headers.authorization).toBe(basic);
  }
});

test('P29 N32 G27: a token is renewed a minute before it ends, or a tenth of its life', async () => {
  await using server = await smallServer((response, { target }) => {
    response.end(target === '/token' ? JSON.stringify({ access_token: `t${server.received.length}`, expires_in: 3599 }) : '{}');
  });
  const clock = new TestClock();
  const options = { applicationKey: '', applicationSecret: '', consumerKey: '', tokenUrl: `${server.url}/token`, clock };
  using client = clientOf(server, { ...options, clientId: 'a', clientSecret: 'b' });
  const tokens = () => server.received.filter(({ target }) => target === '/token').length;
  await client.get('/x');
  clock.pass(3_538_000);
  await client.get('/x');
  expect(tokens()).toBe(1);
  clock.pass(1000);
  await client.get('/x');
  expect(tokens()).toBe(2);
});

test('X28: 50 calls at once fetch one token', async () => {
  await using at = await service();
  await Promise.all(Array.from({ length: 50 }, () => at.client.get('/me')));
  expect(at.tokens()).toBe(1);
});

test('X29: a token that the server forgot is replaced once, also for a POST', async () => {
  await using at = await service({}, { echo: true });
  await at.client.get('/me');
  at.fake.vault.revokeTokens();
  await at.client.post('/thing');
  expect(at.tokens()).toBe(2);
  at.fake.faults.next('GET /me', { kind: 'status', status: 401 }, 9);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ code: 'OVH_UNAUTHENTICATED', attempts: 2 });
  expect(at.tokens()).toBe(3);
});

test('X29: a 403 that speaks of the token counts, another one does not', async () => {
  await using at = await service();
  at.fake.faults.next('GET /me', { kind: 'status', status: 403, message: 'The access token is expired' });
  await at.client.get('/me');
  expect(at.tokens()).toBe(2);
  at.fake.faults.next('GET /me', { kind: 'status', status: 403, message: 'No' });
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ attempts: 1 });
});

test('X30: a server that wants id and secret in the body gets them there, and from then on at once', async () => {
  await using at = await service({}, { clientAuth: 'body', tokenLifetime: 1 });
  await at.client.get('/me');
  at.fake.vault.revokeTokens();
  await at.client.get('/me');
  const asked = at.fake.log.filter((entry) => entry.target === '/auth/oauth2/token');
  expect(asked.map((entry) => [entry.headers.authorization !== undefined, entry.body.includes('client_id=')])).toEqual([
    [true, false],
    [false, true],
    [false, true],
  ]);
});

test('P30 G24: 503 with HTML is an OAuth2Error with status and body', async () => {
  await using at = await service();
  at.fake.faults.next('*', { kind: 'html', status: 503 }, 9);
  const error = (await failureOf(at.client.get('/me'))) as OAuth2Error;
  expect(error).toBeInstanceOf(OAuth2Error);
  expect(error).toMatchObject({ status: 503, body: expect.stringContaining('<') });
  expect(error.message).toMatch(/503.*</s);
});

test('P31 G25: 200 with HTML is an invalid body', async () => {
  await using at = await service();
  at.fake.faults.next('*', { kind: 'html', status: 200 });
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ code: 'OVH_OAUTH2', message: expect.stringContaining('invalid body') });
});

test('P32 G26: an unknown client is told with the description of the server, and no secret', async () => {
  await using at = await service({ clientSecret: 'cs-canary-7' });
  const error = (await failureOf(at.client.get('/me'))) as OAuth2Error;
  expect(error).toMatchObject({ code: 'OVH_OAUTH2', error: 'invalid_client' });
  expect(error.errorDescription).toBeTypeOf('string');
  expect(error.message).toContain(error.errorDescription);
  expect(inspect(error) + JSON.stringify(error) + error.body).not.toContain('canary');
});

for (const [title, body] of [
  ['an error with status 200', '{"error":"server_error","error_description":"later"}'],
  ['no token', '{"token_type":"Bearer"}'],
  ['null', 'null'],
  ['a list', '[]'],
] as const) {
  test(`a token answer that is ${title} is an OAuth2Error`, async () => {
    await using at = await service();
    at.fake.faults.next('POST /auth/oauth2/token', { kind: 'body', status: 200, body });
    expect(await failureOf(at.client.get('/me'))).toBeInstanceOf(OAuth2Error);
  });
}

test('a token endpoint that is not there rejects the call, with the cause', async () => {
  await using at = await service({ tokenUrl: 'http://127.0.0.1:9/token', retry: false });
  const error = await failureOf(at.client.get('/me'));
  expect(error).toBeInstanceOf(OAuth2Error);
  expect((error as OAuth2Error).cause).toBeInstanceOf(NetworkError);
});

test('a token endpoint that hangs is under the timeouts and the signal of the call', async () => {
  await using at = await service({ retry: false, timeouts: { headers: 100 } });
  at.fake.faults.next('POST /auth/oauth2/token', { kind: 'hang' }, 2);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ code: 'OVH_OAUTH2', cause: { code: 'OVH_TIMEOUT', phase: 'headers' } });
  expect(await failureOf(at.client.get('/me', { timeout: 50 }))).toMatchObject({ code: 'OVH_TIMEOUT', phase: 'total' });
});

test('the token endpoint is retried as the API is', async () => {
  await using at = await service();
  at.fake.faults.next('POST /auth/oauth2/token', { kind: 'status', status: 502 }, 2);
  await at.client.get('/me');
  expect(at.tokens()).toBe(3);
});

test('a token store is shared between clients; one that fails only costs a fetch', async () => {
  const kept = new Map<string, HeldToken>();
  const tokenStore: TokenStore = {
    get: async (key) => kept.get(key),
    set: async (key, token) => void kept.set(key, token),
  };
  await using at = await service({ tokenStore });
  await at.client.get('/me');
  await at.another({ ...oauth2Of(at.fake), tokenStore }).get('/me');
  expect(at.tokens()).toBe(1);
  at.fake.vault.revokeTokens();
  await at.client.get('/me');
  expect(at.tokens()).toBe(2);
  const broken: TokenStore = { get: () => Promise.reject(new Error('no')), set: () => Promise.reject(new Error('no')) };
  await at.another({ ...oauth2Of(at.fake), tokenStore: broken }).get('/me');
  expect(at.tokens()).toBe(3);
});

test('G22: a ready access token is sent as it is, and 401 ends it', async () => {
  await using server = await smallServer((response) => response.writeHead(server.received.length > 1 ? 401 : 200).end('{}'));
  using client = clientOf(server, { applicationKey: '', applicationSecret: '', consumerKey: '', accessToken: 'tok' });
  await client.get('/x');
  expect(server.received[0]?.headers.authorization).toBe('Bearer tok');
  expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'OVH_UNAUTHENTICATED', attempts: 1 });
});

test('row 14: a function gives tokens: kept while it says so, asked once for calls at once, asked again after 401', async () => {
  await using server = await smallServer((response, { headers }) =>
    response.writeHead(headers.authorization === 'Bearer t1' ? 401 : 200).end('{}'),
  );
  let asked = 0;
  const clock = new TestClock();
  const accessToken = async () => {
    asked += 1;
    return { token: `t${asked}`, expiresAt: clock.now() + 100_000 };
  };
  using client = clientOf(server, { applicationKey: '', applicationSecret: '', consumerKey: '', accessToken, clock });
  await Promise.all([client.get('/x'), client.get('/x')]);
  expect(asked).toBe(2);
  clock.pass(90_001);
  await client.get('/x');
  expect(asked).toBe(3);
});

test('N31: a 401 of the API has status and message', async () => {
  await using at = await service();
  at.fake.faults.next('GET /me', { kind: 'status', status: 401, message: 'Unauthorized' }, 2);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ status: 401, text: 'Unauthorized' });
});

test('row 48: what IAM refuses names the missing actions', async () => {
  await using at = await service();
  const [name = ''] = at.fake.state.servers.keys();
  at.fake.serviceAccount.actions = ['account:apiovh:me/get'];
  const error = await failureOf(at.client.post('/dedicated/server/{name}/reboot', { path: { name } }));
  expect(error).toMatchObject({ code: 'OVH_IAM_DENIED', missingActions: [expect.stringMatching(/^dedicatedServer:/)] });
});

test('service accounts are made, listed, read and deleted', async () => {
  await using at = await world();
  const { clientId, clientSecret } = await at.client.oauth2Clients.create({ name: 'n', description: 'd' });
  expect(clientSecret).toBeTypeOf('string');
  expect(await at.client.oauth2Clients.list()).toContain(clientId);
  expect((await at.client.oauth2Clients.get(clientId)).identity).toMatch(/^urn:v1:eu:identity:credential:.*\/oauth2-/);
  await at.client.oauth2Clients.delete(clientId);
  expect(await at.client.oauth2Clients.list()).not.toContain(clientId);
});
