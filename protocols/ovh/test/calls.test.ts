import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  createClient,
  InvalidCallError,
  InvalidResponseError,
  MissingConsumerKeyError,
  NotGrantedCallError,
  RouteNotFoundError,
  ServerUnavailableError,
  type Transport,
  type WireRequest,
} from '../src/index.ts';
import { APPLICATION_KEY, APPLICATION_SECRET, CONSUMER_KEY, vectors } from './support/vectors.ts';
import { clientOf, failureOf, HERMETIC, smallServer, TestClock, world } from './support/world.ts';

/** Frozen all the way down: writing to it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}

const ECHO = { echo: true } as const;

test('G06 G07 N23: each verb is signed, and its answer is parsed', async () => {
  await using at = await world({}, ECHO);
  for (const verb of ['get', 'post', 'put', 'delete'] as const) {
    const body = verb === 'post' || verb === 'put' ? { body: { a: 'é' } } : {};
    const answer = await at.client[verb]<Record<string, unknown>>('/echo/{x}', { path: { x: 'a/b' }, query: { t: true }, ...body });
    expect(answer).toBeTypeOf('object');
  }
  expect(at.calls()).toEqual(['GET', 'POST', 'PUT', 'DELETE'].map((verb) => `${verb} /1.0/echo/a%2Fb?t=true`));
  expect(at.fake.log.every((entry) => entry.verdict === 'ok')).toBe(true);
});

test('P18 P20: a call without identity has the application header alone', async () => {
  await using server = await smallServer((response) => response.end('1'));
  using client = clientOf(server);
  await client.get('/x', { auth: false });
  await client.post('/x', { auth: false, body: {} });
  const names = server.received.map(({ headers }) =>
    Object.keys(headers)
      .filter((name) => /^x-ovh|auth|content/.test(name))
      .toSorted(),
  );
  expect(names).toEqual([['x-ovh-application'], ['content-type', 'x-ovh-application', 'content-length']].map((list) => list.toSorted()));
});

test('row 15: /auth/currentCredential, /auth/details and /auth/logout are signed', async () => {
  await using at = await world();
  expect((await at.client.credentials.details()).account).toBe('ab12345-ovh');
  expect((await at.client.credentials.current()).status).toBe('validated');
  expect(await at.client.credentials.logout()).toBe(null);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ code: 'OVH_INVALID_CREDENTIAL' });
});

test('P25: without a consumer key nothing is sent, not even for the time', async () => {
  await using at = await world();
  const client = at.another({ consumerKey: '' });
  expect(await failureOf(client.get('/me'))).toBeInstanceOf(MissingConsumerKeyError);
  expect(at.fake.log).toEqual([]);
});

test('P26 G16 row 64: raw() gives any status, merges headers, and leaves the caller its object', async () => {
  await using at = await world({}, ECHO);
  const headers = frozen({ 'X-Test': 'yes' });
  const answer = await at.client.raw('GET', '/no/such/object', { headers });
  expect(answer.status).toBe(200);
  expect(at.fake.log.at(-1)?.headers['x-test']).toBe('yes');
  answer.body.destroy();
  await using strict = await world();
  const missing = await strict.client.raw('GET', '/no/such/route');
  expect([missing.status, missing.queryId !== undefined]).toEqual([404, true]);
  expect(JSON.parse(Buffer.concat(await Array.fromAsync(missing.body)).toString())).toHaveProperty('message');
});

test('X18: deep-frozen options of calls and clients are left as they are', async () => {
  await using at = await world(frozen({ headers: { 'X-A': '1' }, retry: { maxAttempts: 2 } }), ECHO);
  const options = frozen({
    path: { x: 'y' },
    query: { list: ['a', 'b'], none: undefined },
    body: { deep: [{ a: undefined }] },
    headers: { 'X-B': '2' },
  });
  await at.client.post('/echo/{x}', options);
  expect(at.fake.log.at(-1)?.headers).toMatchObject({ 'x-a': '1', 'x-b': '2' });
});

test('X43: neither client nor call can set the headers that authenticate', async () => {
  const forged = {
    'x-ovh-SIGNATURE': 'no',
    Authorization: 'Bearer no',
    'X-Ovh-Consumer': 'no',
    'X-OVH-Application': 'no',
    'x-ovh-timestamp': '1',
  };
  await using at = await world({ headers: forged });
  await at.client.get('/me', { headers: forged });
  const headers = at.fake.log.at(-1)?.headers;
  expect(headers?.authorization).toBe(undefined);
  expect(headers?.['x-ovh-consumer']).toBe(at.fake.keys.consumerKey);
});

for (const status of [200, 201, 202, 204]) {
  test(`X15 N28: an empty ${status} is null`, async () => {
    await using server = await smallServer((response) => response.writeHead(status).end());
    using client = clientOf(server);
    expect(await client.delete('/x')).toBe(null);
  });
}

test('P23: a 200 that is no JSON keeps status, headers and text', async () => {
  await using server = await smallServer((response) =>
    response.writeHead(200, { 'X-Ovh-QueryID': 'q-1' }).end(`<html>${'x'.repeat(9000)}`),
  );
  using client = clientOf(server);
  const error = (await failureOf(client.get('/x'))) as InvalidResponseError;
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(error).toMatchObject({ status: 200, queryId: 'q-1', headers: { 'x-ovh-queryid': 'q-1' } });
  expect(error.bodyText).toHaveLength(4096);
});

test('row 47: withResponse() has status, headers, query id, attempts; asking it alone leaves no rejection behind', async () => {
  await using at = await world();
  const response = await at.client.get<{ nichandle: string }>('/me').withResponse();
  expect(response).toMatchObject({ status: 200, attempts: 1, data: { nichandle: 'ab12345-ovh' }, url: `${at.fake.apiUrl}/me` });
  expect(response.queryId).toMatch(/^SIM\./);
  expect(await failureOf(at.client.get('/nope').withResponse())).toBeInstanceOf(RouteNotFoundError);
});

test('X41: an integer beyond 2^53 in three ways', async () => {
  await using server = await smallServer((response) => response.end('{"id":9007199254740993,"n":1}'));
  for (const [bigints, id] of [
    ['number', 9007199254740992],
    ['string', '9007199254740993'],
    ['bigint', 9007199254740993n],
  ] as const) {
    using client = clientOf(server, { bigints });
    expect(await client.get('/x')).toEqual({ id, n: 1 });
  }
});

for (const style of ['legacy', 'current', 'both'] as const) {
  test(`N24 G46 X16: refusals of the offline API in the style ${style}`, async () => {
    await using at = await world({}, { errorStyle: style });
    const pending = at.fake.issue({ rules: [{ method: 'GET', path: '/*' }], status: 'pendingValidation' });
    const narrow = at.fake.issue({ rules: [{ method: 'GET', path: '/me' }] });
    const codeOf = async (options: object, path = '/me') => ((await failureOf(at.another(options).get(path))) as { code: string }).code;
    expect(await codeOf({ consumerKey: pending.consumerKey })).toBe('OVH_INVALID_CREDENTIAL');
    expect(await codeOf({ consumerKey: 'x'.repeat(32) })).toBe('OVH_NOT_CREDENTIAL');
    expect(await codeOf({ applicationKey: 'x'.repeat(16) })).toBe('OVH_INVALID_KEY');
    expect(await codeOf({ applicationSecret: 'x'.repeat(32) })).toBe('OVH_INVALID_SIGNATURE');
    expect(await codeOf({ consumerKey: narrow.consumerKey }, '/vps')).toBe('OVH_NOT_GRANTED_CALL');
    expect(await codeOf({}, '/nope')).toBe('OVH_ROUTE_NOT_FOUND');
    expect(await codeOf({ timeDelta: -4000 })).toBe('OVH_QUERY_TIME_OUT');
  });
}

test('N07: what the server says of a call without identity is passed through', async () => {
  await using at = await world();
  expect(await failureOf(at.client.get('/me', { auth: false }))).toMatchObject({
    code: 'OVH_UNAUTHENTICATED',
    status: 401,
    text: 'You must login first',
  });
});

test('G05: a page of a front end is an error with its text and status', async () => {
  await using at = await world({ retry: false });
  at.fake.faults.next('*', { kind: 'html', status: 503 });
  const error = (await failureOf(at.client.get('/me', { auth: false }))) as ServerUnavailableError;
  expect(error).toBeInstanceOf(ServerUnavailableError);
  expect(error.text).toContain('<');
});

test('X21 X22: a call that cannot be written is refused before anything is sent', async () => {
  await using at = await world();
  for (const call of [
    // @ts-expect-error the template says that there is a variable
    () => at.client.get('/x/{y}'),
    () => at.client.get('/x', { query: { n: Number.NaN } }),
    () => at.client.get('/a/../b'),
    () => at.client.get('https://elsewhere.example/1.0/me'),
    () => at.client.get('/x', { headers: { 'X-A': 'a\r\nb' } }),
  ]) {
    expect(await failureOf(call())).toBeInstanceOf(InvalidCallError);
  }
  expect(at.fake.log).toEqual([]);
});

test('X20 row 17: a base of v1 reaches v2, and a base of v2 the time', async () => {
  await using at = await world();
  await at
    .another({ endpoint: `${at.fake.url}/v1` })
    .paginate('/v2/iam/resource')
    .all({ limit: 1 });
  await at.another({ endpoint: `${at.fake.url}/v2` }).get('/1.0/me');
  expect(at.fake.log.map((entry) => entry.target)).toEqual(['/v1/auth/time', '/v2/iam/resource', '/1.0/auth/time', '/1.0/me']);
});

test('G02 G03 N21 P05: ping and time ask /auth/time without identity and body', async () => {
  await using at = await world({}, { clockSkew: 100 });
  await at.client.ping();
  expect(Math.abs((await at.client.time()) - Date.now() / 1000 - 100)).toBeLessThan(5);
  expect(at.fake.log.map(({ method, target, body }) => `${method} ${target}${body}`)).toEqual(Array(2).fill('GET /1.0/auth/time'));
  expect(at.fake.log.every(({ headers }) => headers['x-ovh-signature'] === undefined)).toBe(true);
});

/** Takes requests and answers them all with nothing. */
function deafTransport(): Transport & { readonly sent: WireRequest[] } {
  const sent: WireRequest[] = [];
  return {
    sent,
    send: async (request) => {
      sent.push(request);
      const { Readable } = await import('node:stream');
      return { status: 200, headers: {}, body: Readable.from([]) };
    },
    close: () => undefined,
  };
}

test('X01 P17 P28 G23: what the client sends has the signatures of the vectors', async () => {
  const checked: string[] = [];
  for (const vector of vectors) {
    // V38 and V39 are URLs that only python-ovh builds.
    if (vector.id === 'V38' || vector.id === 'V39') continue;
    const transport = deafTransport();
    const { applicationSecret, consumerKey } = vector;
    const url = new URL(vector.url);
    using client = createClient({
      ...HERMETIC,
      endpoint: `${url.origin}/1.0`,
      transport,
      timeDelta: 0,
      clock: new TestClock(vector.timestamp * 1000 + 467),
      applicationKey: APPLICATION_KEY,
      applicationSecret,
      consumerKey,
    });
    const body = vector.body === '' ? {} : { rawBody: vector.body };
    await client.request(vector.method, vector.url.slice(url.origin.length), body);
    const [request] = transport.sent;
    expect(request?.url).toBe(vector.url);
    expect([vector.id, request?.headers['X-Ovh-Signature']]).toEqual([vector.id, vector.signature]);
    checked.push(vector.id);
  }
  expect(checked).toHaveLength(59);
  expect([APPLICATION_SECRET, CONSUMER_KEY].every((text) => text.length === 32)).toBe(true);
});

test('X19: /v10 and /v2x are ordinary paths', async () => {
  const transport = deafTransport();
  using client = createClient({ ...HERMETIC, endpoint: 'ovh-eu', transport, auth: 'none' });
  for (const path of ['/v10/x', '/v2x', '/v2', '/v2?x', '/v1/', '1.0/me', '/1.0/me']) await client.get(path);
  const base = 'https://eu.api.ovh.com';
  expect(transport.sent.map(({ url }) => url.slice(base.length))).toEqual([
    '/1.0/v10/x',
    '/1.0/v2x',
    '/v2',
    '/v2?x',
    '/v1/',
    '/1.0/me',
    '/1.0/me',
  ]);
});

test('G17 row 3: without an endpoint it is ovh-eu, and says that this was assumed', () => {
  using client = createClient({ ...HERMETIC, auth: 'none' });
  expect([client.endpoint.name, client.config.endpointSource]).toEqual(['ovh-eu', 'default']);
});

test('row 34: the User-Agent names package, version, Node and what the caller adds', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const transport = deafTransport();
  using client = createClient({ ...HERMETIC, auth: 'none', transport, userAgent: 'mine/2' });
  await client.get('/x');
  expect(transport.sent[0]?.headers['User-Agent']).toBe(`fairlead-ovh/${version} node/${process.versions.node} (mine/2)`);
});

test('X23: no secret in logs, hooks, errors, inspect and JSON', async () => {
  await using at = await world({}, { errorStyle: 'both' });
  const seen: unknown[] = [];
  const record = (...args: unknown[]) => void seen.push(args);
  const logger = { debug: record, info: record, warn: record, error: record };
  const hooks = { beforeRequest: record, afterResponse: record, onRetry: record, onError: record };
  const client = at.another({ logger, hooks, applicationSecret: 'as-canary-1', consumerKey: 'ck-canary-2' });
  const failure = await failureOf(client.get('/me', { query: { password: 'pw-canary-3' } }));
  at.fake.faults.next('*', { kind: 'status', status: 500 });
  await client.time();
  await client.credentials.request({ rules: [{ method: 'GET', path: '/me' }] });
  const shown = [...seen, failure, client, client.config, client.credentials];
  const text = shown.map((value) => `${inspect(value, { depth: 20, showHidden: true })} ${JSON.stringify(value)}`).join('\n');
  expect(seen.length).toBeGreaterThan(8);
  expect(text).not.toMatch(/canary/);
  expect(text).not.toContain([...at.fake.vault.credentials.keys()].at(-1));
  expect(text).not.toMatch(/\$1\$[0-9a-f]{40}/);
});

test('a hook or logger that throws does no harm', async () => {
  const broken = () => {
    throw new Error('of the hook');
  };
  const logger = { debug: broken, info: broken, warn: broken, error: broken };
  await using at = await world({ logger, hooks: { beforeRequest: broken, afterResponse: broken, onRetry: broken, onError: broken } });
  at.fake.faults.next('GET /me', { kind: 'status', status: 500 });
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
});

test('row 66: with() differs in what is told and leaves its parent alone; a loaded key goes along', async () => {
  await using at = await world();
  const narrow = at.fake.issue({ rules: [{ method: 'GET', path: '/vps' }] });
  const other = at.client.with({ consumerKey: narrow.consumerKey });
  expect(await failureOf(other.get('/me'))).toBeInstanceOf(NotGrantedCallError);
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
  const fresh = at.another({ consumerKey: '' });
  const { consumerKey } = await fresh.credentials.request({ rules: [{ method: 'GET', path: '/me' }] });
  at.fake.decide(consumerKey, 'validate');
  expect(await fresh.with({ timeout: 5000 }).get('/me')).toHaveProperty('nichandle');
  other.close();
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
  expect(await failureOf(other.get('/me'))).toMatchObject({ code: 'OVH_CLOSED' });
});

test('with() to another way to authenticate forgets the first', async () => {
  await using at = await world();
  const { clientId, clientSecret } = at.fake.serviceAccount;
  using service = at.client.with({ clientId, clientSecret, tokenUrl: at.fake.tokenUrl });
  expect((await service.credentials.details()).identities.join()).toMatch(/:identity:credential:.*\/oauth2-/);
});

test('close() ends what is under way', async () => {
  await using at = await world();
  await at.client.ping();
  at.fake.faults.next('GET /me', { kind: 'hang' });
  const hanging = failureOf(at.client.get('/me'));
  at.client.close();
  expect(await hanging).toMatchObject({ code: 'OVH_CLOSED' });
});
