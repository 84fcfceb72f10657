import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigurationError, InvalidCallError, type OvhClient } from '../src/index.ts';
import { clientOf, failureOf, oauth2Of, smallServer, world } from './support/world.ts';

test('row 50: a wait of Infinity is the longest there is, not none at all', async () => {
  await using server = await smallServer((response) => response.end('1'));
  const all = { connect: Infinity, headers: Infinity, body: Infinity, total: Infinity };
  using client = clientOf(server, { retry: false, timeouts: all });
  expect(await client.get('/x')).toBe(1);
  expect(await client.get('/x', { timeout: Infinity, timeouts: { headers: 1e12 } })).toBe(1);
});

for (const wrong of [0, -1, Number.NaN, '5' as never]) {
  test(`row 50: a wait of ${JSON.stringify(wrong)} (${typeof wrong}) is refused before anything is sent`, async () => {
    await using server = await smallServer((response) => response.end('1'));
    using client = clientOf(server);
    expect(await failureOf(client.get('/x', { timeout: wrong }))).toBeInstanceOf(InvalidCallError);
    expect(await failureOf(client.get('/x', { timeouts: { body: wrong } }))).toBeInstanceOf(InvalidCallError);
    expect(await failureOf(client.credentials.waitUntilValidated({ interval: wrong }))).toBeInstanceOf(InvalidCallError);
    expect(() => clientOf(server, { timeouts: { connect: wrong } })).toThrow(ConfigurationError);
    expect(() => clientOf(server, { timeout: wrong })).toThrow(ConfigurationError);
    expect(server.received).toEqual([]);
  });
}

test('row 59: hooks that are async and fail do not end the program', async () => {
  await using server = await smallServer((response) => response.writeHead(404).end('{}'));
  const fails = async () => {
    throw new Error('of a hook');
  };
  using client = clientOf(server, { hooks: { beforeRequest: fails, afterResponse: fails, onError: fails } });
  // An unhandled rejection would fail this file.
  expect(await failureOf(client.get('/x'))).toMatchObject({ status: 404 });
  await new Promise((resolve) => setImmediate(resolve));
});

for (const [what, get] of [
  ['null', async () => null],
  ['a token without a life', async () => ({ token: 'x' })],
  ['an empty token', async () => ({ token: '', useUntil: Infinity })],
  [
    'an error at once',
    () => {
      throw new Error('of a store');
    },
  ],
] as const) {
  test(`3.8: a token store that gives ${what} has nothing`, async () => {
    await using at = await world();
    const client: OvhClient = at.another({ ...oauth2Of(at.fake), tokenStore: { get: get as never, set: () => undefined as never } });
    expect(await client.get('/me')).toHaveProperty('nichandle');
  });
}

for (const given of [undefined, null, 5, {}, { token: 5 }]) {
  test(`row 12: a function accessToken that gives ${JSON.stringify(given)} is an InvalidCallError`, async () => {
    await using server = await smallServer((response) => response.end('1'));
    const keys = { applicationKey: '', applicationSecret: '', consumerKey: '' };
    using client = clientOf(server, { ...keys, accessToken: (async () => given) as never });
    expect(await failureOf(client.get('/x'))).toBeInstanceOf(InvalidCallError);
    expect(server.received).toEqual([]);
  });
}

test('3.7: what was waited before the time was answered says nothing about the clocks', async () => {
  let now = 1_000_000_000_000;
  const sleep = async (ms: number) => {
    now += ms;
  };
  let asked = 0;
  await using server = await smallServer((response) => {
    asked += 1;
    if (asked === 1) response.writeHead(429, { 'Retry-After': '60' }).end('{}');
    else response.end(String(Math.floor(now / 1000)));
  });
  using client = clientOf(server, { timeSync: true, clock: { now: () => now, monotonic: () => now, sleep } });
  expect(Math.abs(await client.timeDelta())).toBeLessThanOrEqual(0.5);
  expect(asked).toBe(2);
});

for (const wrong of [
  { maxAttempts: Number.NaN },
  { maxAttempts: 0 },
  { baseMs: -1 },
  { capMs: Number.NaN },
  { maxRetryAfterMs: '1' as never },
]) {
  test(`3.9: retry ${JSON.stringify(wrong)} is a ConfigurationError, and no call repeats for ever`, async () => {
    await using server = await smallServer((response) => response.writeHead(500).end('{}'));
    expect(() => clientOf(server, { retry: wrong })).toThrow(ConfigurationError);
    using client = clientOf(server);
    expect(await failureOf(client.get('/x', { retry: wrong }))).toBeInstanceOf(ConfigurationError);
    expect(server.received).toEqual([]);
  });
}

test('3.7: a difference of clocks that is no number is a ConfigurationError', () => {
  expect(() => clientOf({ url: 'https://eu.api.ovh.com' }, { timeDelta: Number.NaN })).toThrow(ConfigurationError);
});

test('3.5: a path that is no text, and a body that is no bytes, are refused before anything is sent', async () => {
  await using server = await smallServer((response) => response.end('1'));
  using client = clientOf(server);
  expect(await failureOf(client.get(undefined as never))).toBeInstanceOf(InvalidCallError);
  expect(await failureOf(client.request(undefined as never, '/x'))).toBeInstanceOf(InvalidCallError);
  expect(await failureOf(client.credentials.request({} as never))).toBeInstanceOf(InvalidCallError);
  const filter = [{ key: 'name', op: 'eq', value: '\ud800' }] as const;
  expect(await failureOf(client.list('/x', { expand: 'server', filter }))).toBeInstanceOf(InvalidCallError);
  // Taken as a list of bytes, it would be an empty one.
  expect(await failureOf(client.post('/x', { rawBody: new ArrayBuffer(3) as never }))).toBeInstanceOf(InvalidCallError);
  expect(server.received).toEqual([]);
});

test('X23: a server that repeats key, signature or token in its refusal gets them into no message', async () => {
  await using server = await smallServer((response, { headers }) => {
    const { authorization, 'x-ovh-consumer': key, 'x-ovh-signature': signature } = headers;
    response.writeHead(403).end(JSON.stringify({ message: `no: ${authorization} ${key} ${signature}` }));
  });
  const told: unknown[] = [];
  const tell = (...words: unknown[]) => told.push(words);
  const logger = { debug: tell, info: tell, warn: tell, error: tell };
  using signed = clientOf(server, { logger });
  const keys = { applicationKey: '', applicationSecret: '', consumerKey: '' };
  using bearing = clientOf(server, { ...keys, logger, accessToken: 'token-canary-4711' });
  for (const client of [signed, bearing]) {
    const error = await failureOf(client.get('/x'));
    expect(error).toMatchObject({ status: 403, text: expect.stringContaining('[redacted]') });
    expect(inspect([error, told], { depth: 9 }) + JSON.stringify(error)).not.toMatch(/canary|\$1\$[0-9a-f]{40}/);
  }
});
