import { expect, test } from 'vitest';
import { type RetryEvent, TimeoutError, TimeSyncError } from '../src/index.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

test('X03: 50 parallel first calls ask for the time once', async () => {
  await using at = await world({ concurrency: 50 });
  await Promise.all(Array.from({ length: 50 }, () => at.client.get('/me')));
  expect(at.fake.log.filter((entry) => entry.target.endsWith('/auth/time'))).toHaveLength(1);
});

test('X03: that works with a single place too', async () => {
  await using at = await world({ concurrency: 1 });
  await Promise.all(Array.from({ length: 5 }, () => at.client.get('/me')));
  expect(at.fake.log).toHaveLength(6);
});

test('X04: a fixed difference of 0 makes no call for the time', async () => {
  await using at = await world({ timeDelta: 0 });
  await at.client.get('/me');
  expect(at.fake.log).toHaveLength(1);
  await using node = await world({ apiTimeDiff: 0 });
  await node.client.get('/me');
  expect(node.fake.log).toHaveLength(1);
});

test('G04: a server ten seconds ahead is measured so', async () => {
  await using at = await world({}, { clockSkew: 10 });
  expect(Math.abs((await at.client.timeDelta()) - 10)).toBeLessThan(1.5);
});

test('X05: Query out of time measures the clock anew, signs again, and succeeds', async () => {
  const retries: RetryEvent[] = [];
  await using at = await world({ hooks: { onRetry: (event) => retries.push(event) } });
  await at.client.get('/me');
  at.fake.clock.advance(4000);
  const [name = ''] = at.fake.state.servers.keys();
  await at.client.post('/dedicated/server/{name}/reboot', { path: { name } });
  expect(retries.map((event) => event.reason)).toEqual(['clock']);
  const [, , first, , second] = at.fake.log;
  expect(first?.verdict).toMatch(/QUERY_TIME_OUT|BadRequest/);
  expect(Number(second?.headers['x-ovh-timestamp']) - Number(first?.headers['x-ovh-timestamp'])).toBeGreaterThan(3990);
  expect(second?.headers['x-ovh-signature']).not.toBe(first?.headers['x-ovh-signature']);
});

test('X05: the clock is set again once, not for ever', async () => {
  await using at = await world();
  at.fake.faults.next('GET /me', { kind: 'status', status: 400, errorCode: 'QUERY_TIME_OUT', message: 'Query out of time' }, 9);
  expect(await failureOf(at.client.get('/me'))).toMatchObject({ code: 'OVH_QUERY_TIME_OUT', attempts: 2 });
});

test('X07: each retry is signed for its own second', async () => {
  await using server = await smallServer((response, { headers }) =>
    response.writeHead(headers['x-ovh-timestamp'] === '1008' ? 200 : 500).end('{}'),
  );
  let now = 1_000_000;
  const sleep = async () => {
    now += 4000;
  };
  const clock = { now: () => now, monotonic: () => now, sleep };
  using client = clientOf(server, { clock });
  await client.get('/x');
  expect(server.received.map(({ headers }) => headers['x-ovh-timestamp'])).toEqual(['1000', '1004', '1008']);
  expect(new Set(server.received.map(({ headers }) => headers['x-ovh-signature'])).size).toBe(3);
});

test('X08: a POST whose answer was lost is not sent again, a GET is', async () => {
  await using at = await world({}, { echo: true });
  at.fake.faults.next('* /thing', { kind: 'lost-answer' }, 2);
  expect(await failureOf(at.client.post('/thing'))).toMatchObject({ code: 'OVH_NETWORK', sent: true, attempts: 1 });
  await at.client.get('/thing');
  expect(at.calls()).toEqual(['POST /1.0/thing', 'GET /1.0/thing', 'GET /1.0/thing']);
  at.fake.faults.next('* /thing', { kind: 'lost-answer' });
  await at.client.post('/thing', { idempotent: true });
});

test('X09: a POST is sent again when nobody listened, and after 429', async () => {
  await using at = await world({}, { echo: true });
  at.fake.faults.next('POST /thing', { kind: 'status', status: 429, retryAfter: 2 });
  await at.client.post('/thing');
  expect(at.slept).toEqual([2000]);
  const gone = await smallServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  using client = clientOf(gone);
  expect(await failureOf(client.post('/x'))).toMatchObject({ code: 'OVH_NETWORK', sent: false, attempts: 4 });
});

test('X10: Retry-After counts as seconds and as a date', async () => {
  await using at = await world();
  at.fake.faults.next('GET /me', { kind: 'status', status: 429, retryAfter: 3 });
  at.fake.faults.next('GET /me', { kind: 'status', status: 503, retryAfter: new Date(Date.now() + 60_000).toUTCString() });
  await at.client.get('/me');
  expect(at.slept[0]).toBe(3000);
  expect(Math.abs((at.slept[1] ?? 0) - 60_000)).toBeLessThan(5000);
});

test('X10: a Retry-After beyond the total time ends the call at once', async () => {
  await using at = await world();
  at.fake.faults.next('GET /me', { kind: 'status', status: 429, retryAfter: 30 });
  expect(await failureOf(at.client.get('/me', { timeout: 20_000 }))).toMatchObject({
    code: 'OVH_RATE_LIMIT',
    retryAfterMs: 30_000,
    attempts: 1,
  });
  expect(at.slept).toEqual([]);
});

test('X11: abort during a pause ends it with the reason', async () => {
  const abort = new AbortController();
  const hooks = { onRetry: () => setImmediate(() => abort.abort(new Error('enough'))) };
  await using at = await world({ hooks, clock: undefined, retry: { baseMs: 60_000 }, random: () => 1 });
  at.fake.faults.next('GET /me', { kind: 'status', status: 500 }, 9);
  expect(await failureOf(at.client.get('/me', { signal: abort.signal }))).toMatchObject({ message: 'enough' });
});

test('G06 row 51: an aborted signal sends nothing; one that aborts meanwhile ends the call, its time and its token', async () => {
  await using at = await world();
  expect(await failureOf(at.client.get('/me', { signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError' });
  expect(at.fake.log).toEqual([]);
  at.fake.faults.next('GET /auth/time', { kind: 'hang' });
  const abort = new AbortController();
  const call = failureOf(at.client.get('/me', { signal: abort.signal }));
  setImmediate(() => abort.abort());
  expect(await call).toMatchObject({ name: 'AbortError' });
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
});

test('X44: the total time spans all attempts', async () => {
  await using at = await world({ timeouts: { headers: 40 }, timeSync: false, random: () => 0 });
  at.fake.faults.next('GET /me', { kind: 'hang' }, 99);
  const error = (await failureOf(at.client.get('/me', { timeout: 400, retry: { maxAttempts: 100 } }))) as TimeoutError;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ phase: 'total' });
  expect(at.calls().length).toBeGreaterThanOrEqual(2);
});

test('an exhausted call throws its last error with the number of attempts; retry: false sends once', async () => {
  await using at = await world({}, { echo: true });
  at.fake.faults.next('GET /thing', { kind: 'status', status: 502 }, 9);
  expect(await failureOf(at.client.get('/thing'))).toMatchObject({ code: 'OVH_SERVER_UNAVAILABLE', attempts: 4 });
  expect(await failureOf(at.client.get('/thing', { retry: false }))).toMatchObject({ attempts: 1 });
  expect(await failureOf(at.another({ retry: false }).get('/thing', { retry: { maxAttempts: 2 } }))).toMatchObject({ attempts: 2 });
});

test('row 63: ten calls one after the other use one connection', async () => {
  await using at = await world();
  for (let n = 0; n < 10; n += 1) await at.client.get('/me');
  expect(await at.fake.connectionCount()).toBe(1);
});

test('N18: a time that cannot be had is a TimeSyncError, and is asked for again', async () => {
  await using at = await world();
  at.fake.faults.next('GET /auth/time', { kind: 'status', status: 500 }, 4);
  const error = await failureOf(at.client.get('/me'));
  expect(error).toBeInstanceOf(TimeSyncError);
  expect(error).toMatchObject({ attempts: 0, cause: { code: 'OVH_SERVER', attempts: 4 } });
  expect(await at.client.get('/me')).toHaveProperty('nichandle');
});

test('X42: the cap on parallel calls holds on the wire', async () => {
  let busy = 0;
  let most = 0;
  await using server = await smallServer((response) => {
    busy += 1;
    most = Math.max(most, busy);
    setTimeout(() => {
      busy -= 1;
      response.end('{}');
    }, 5);
  });
  using client = clientOf(server, { concurrency: 3 });
  await Promise.all(Array.from({ length: 20 }, () => client.get('/x')));
  expect(most).toBe(3);
});
