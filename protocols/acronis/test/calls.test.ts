import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type AlertDraft, acronisClass, mayHaveHappened } from '../src/index.ts';
import { SECRET, scene, TOKEN } from './support/upstream.ts';

const ALERT = '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e';
const TENANT = 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66';
const GET = `GET /api/alert_manager/v1/alerts/${ALERT}`;
const POST = 'POST /api/alert_manager/v1/alerts';
const good = { body: { id: ALERT, type: 'x' } };
const draft: AlertDraft = { type: 'x', tenantId: TENANT, details: { title: 't', description: 'd', fields: {} } };

const failing = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
};

describe('cyberapp 9.126: failures of the server', () => {
  test.each([500, 502, 503, 504, 408])('%d is tried twice more where that is harmless', async (status) => {
    await using s = await scene({ [GET]: { status, body: '<html>ill</html>' } });
    const error = await failing(s.client.alerts.get(ALERT));
    expect(acronisClass(error)).toBe('server');
    expect(s.seen(GET)).toHaveLength(3);
    expect(s.clock.waits).toEqual([1000, 2000]);
    expect(s.attempts.map(({ call, outcome }) => `${call} ${outcome}`)).toEqual(['token ok', ...Array(3).fill('alerts.get server')]);
  });

  test('a creation is not: who made it looks it up', async () => {
    await using s = await scene({ [POST]: { status: 502 } });
    const error = await failing(s.client.alerts.create(draft));
    expect(acronisClass(error)).toBe('server');
    expect(mayHaveHappened(error)).toBe(true);
    expect(s.seen(POST)).toHaveLength(1);
  });

  test('a later attempt may succeed', async () => {
    await using s = await scene({ [GET]: (_seen, count) => (count < 3 ? { status: 500 } : good) });
    expect(await s.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
  });
});

test('cyberapp 9.131: a data center that is down is left alone for a minute, another one is not', async () => {
  await using down = await scene({ [GET]: (_seen, count) => (count <= 10 ? { status: 500 } : good) });
  await using up = await scene({ [GET]: good });
  for (let index = 0; index < 3; index += 1) expect(acronisClass(await failing(down.client.alerts.get(ALERT)))).toBe('server');
  expect(acronisClass(await failing(down.client.alerts.get(ALERT)))).toBe('unreachable');
  expect(down.seen(GET)).toHaveLength(10);
  const error = await failing(down.client.alerts.create(draft));
  expect(error).toMatchObject({ code: 'ACRONIS_UNREACHABLE' });
  expect(mayHaveHappened(error)).toBe(false);
  expect(down.seen(POST)).toEqual([]);
  expect(await up.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
  down.clock.advance((down.client.pausedUntil ?? 0) - down.clock.now());
  expect(await down.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
});

describe('cyberapp 9.127: connections', () => {
  test('what was cut off is repeated where that is harmless, and a creation is not', async () => {
    await using s = await scene({ [GET]: (_seen, count) => (count === 1 ? { fault: 'reset' } : good), [POST]: { fault: 'reset' } });
    expect(await s.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
    expect(s.seen(GET)).toHaveLength(2);
    const error = await failing(s.client.alerts.create(draft));
    expect(acronisClass(error)).toBe('ambiguous');
    expect(mayHaveHappened(error)).toBe(true);
    expect(s.seen(POST)).toHaveLength(1);
  });

  test('cyberapp 9.128: so is half an answer', async () => {
    await using s = await scene({
      [GET]: (_seen, count) => ({ ...good, ...(count === 1 ? { fault: 'half' } : {}) }),
      [POST]: { ...good, fault: 'half' },
    });
    expect(await s.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
    expect(acronisClass(await failing(s.client.alerts.create(draft)))).toBe('ambiguous');
    expect(s.seen(POST)).toHaveLength(1);
  });

  test('no answer ends with the deadline of the call', async () => {
    await using s = await scene({ [POST]: { fault: 'hang' } }, { timeouts: { callMs: 100 } });
    const error = await failing(s.client.alerts.create(draft));
    expect(error).toMatchObject({ code: 'ACRONIS_AMBIGUOUS', detail: { reason: 'TimeoutError' } });
  });

  test('nobody there is unreachable, and tried twice more', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await using s = await scene({}, { url: `http://127.0.0.1:${port}` });
    const error = await failing(s.client.alerts.create(draft));
    expect(error).toMatchObject({ code: 'ACRONIS_UNREACHABLE', detail: { dc: 'eu8', call: 'token', reason: 'ECONNREFUSED' } });
    expect(mayHaveHappened(error)).toBe(false);
    expect(s.attempts).toHaveLength(3);
  });

  test('who gives up gets the own reason', async () => {
    await using s = await scene({ [GET]: { fault: 'hang' } });
    const abort = new AbortController();
    const call = failing(s.client.alerts.get(ALERT, abort.signal));
    await expect.poll(() => s.seen(GET).length).toBe(1);
    abort.abort(new Error('enough'));
    expect(await call).toMatchObject({ message: 'enough' });
  });
});

describe('cyberapp 9.125: too many calls', () => {
  test('a time that is named is kept by all, and told', async () => {
    await using s = await scene({
      [POST]: (_seen, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : good),
      [GET]: good,
    });
    expect(await failing(s.client.alerts.create(draft))).toMatchObject({ code: 'ACRONIS_THROTTLED', retryAfterS: 7 });
    expect(s.client.pausedUntil).toBe(s.clock.now() + 7000);
    expect(await failing(s.client.alerts.get(ALERT))).toMatchObject({ code: 'ACRONIS_THROTTLED', retryAfterS: 7 });
    s.clock.advance(6999);
    expect(acronisClass(await failing(s.client.alerts.create(draft)))).toBe('throttled');
    expect(s.seen().map(({ method }) => method)).toEqual(['POST', 'POST']);
    s.clock.advance(1);
    expect(await s.client.alerts.create(draft)).toBe(ALERT);
  });

  test('a date is a time too, by the clock of the server; 3600 s are 900', async () => {
    await using s = await scene({
      [GET]: (_seen, count) => ({
        status: 503,
        headers: { 'retry-after': count === 1 ? new Date(s.clock.now() + 42_000).toUTCString() : '3600' },
      }),
    });
    expect(await failing(s.client.alerts.get(ALERT))).toMatchObject({ code: 'ACRONIS_THROTTLED', retryAfterS: 42 });
    s.clock.advance(42_000);
    expect(await failing(s.client.alerts.get(ALERT))).toMatchObject({ code: 'ACRONIS_THROTTLED', retryAfterS: 900 });
    expect(s.seen(GET)).toHaveLength(2);
  });

  test('without a time even a creation is tried twice more: nothing was carried out', async () => {
    await using s = await scene({ [POST]: (_seen, count) => (count < 3 ? { status: 429 } : good) });
    expect(await s.client.alerts.create(draft)).toBe(ALERT);
    expect(s.clock.waits).toEqual([1000, 2000]);
    expect(s.client.pausedUntil).toBeUndefined();
  });

  test('the pace holds calls back before anybody complains', async () => {
    await using s = await scene({ [GET]: good }, { requestsPerSecond: 5, burst: 2 });
    await s.client.alerts.get(ALERT);
    await s.client.alerts.get(ALERT);
    await s.client.alerts.get(ALERT);
    expect(s.clock.waits).toEqual([200, 200]);
  });
});

describe('cyberapp 9.129: answers that are none', () => {
  test('a redirect is not followed', async () => {
    await using s = await scene({ [GET]: { status: 302, headers: { location: '/elsewhere' } } });
    expect(await failing(s.client.alerts.get(ALERT))).toMatchObject({ code: 'ACRONIS_PROTOCOL', detail: { status: 302 } });
    expect(s.seen().some(({ url }) => url === '/elsewhere')).toBe(false);
  });

  test('a body beyond the limit is not read', async () => {
    await using s = await scene(
      { [GET]: { body: { id: ALERT, type: 'x', details: { text: 'x'.repeat(100_000) } } } },
      { maxAnswerBytes: 65_536 },
    );
    expect(acronisClass(await failing(s.client.alerts.get(ALERT)))).toBe('protocol');
  });

  test('a page with status 200 is no success of a creation', async () => {
    await using s = await scene({ [POST]: { body: '<html>Log in</html>' } });
    const error = await failing(s.client.alerts.create(draft));
    expect(acronisClass(error)).toBe('protocol');
    expect(mayHaveHappened(error)).toBe(true);
    expect(s.seen(POST)).toHaveLength(1);
  });
});

test.each([
  [400, 'refused'],
  [403, 'forbidden'],
  [405, 'refused'],
  [409, 'refused'],
  [415, 'refused'],
  [422, 'refused'],
])('a %d is final', async (status, expected) => {
  await using s = await scene({ [GET]: { status, body: { domain: 'x', code: 'y' } } });
  const error = await failing(s.client.alerts.get(ALERT));
  expect(acronisClass(error)).toBe(expected);
  expect(mayHaveHappened(error)).toBe(false);
  expect(error).toMatchObject({ detail: { reason: '{"domain":"x","code":"y"}' } });
  expect(s.seen(GET)).toHaveLength(1);
});

test('cyberapp 9.134: a server that quotes our secrets gets them into no error', async () => {
  const token = 'eyJ0b2tlbg';
  const basic = Buffer.from(`6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77:${SECRET}`).toString('base64');
  const quoting = { status: 500, body: `<pre>Authorization: Bearer ${token} Basic ${basic} ${SECRET}</pre>` };
  await using s = await scene({ [GET]: quoting, [TOKEN]: (_seen, count) => (count === 1 ? { body: { access_token: token } } : quoting) });
  const errors = [await failing(s.client.alerts.get(ALERT))];
  s.clock.advance(3_600_000);
  errors.push(await failing(s.client.alerts.get(ALERT)));
  expect(errors.map(acronisClass)).toEqual(['server', 'server']);
  for (const error of errors) expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/hush|eyJ0b2tlbg/);
  expect(errors[0]).not.toHaveProperty('cause');
  expect(JSON.stringify(errors[1], Object.getOwnPropertyNames(errors[1]))).not.toContain(basic);
});

test('connections are used again', async () => {
  await using s = await scene({ [GET]: good });
  for (let index = 0; index < 5; index += 1) await s.client.alerts.get(ALERT);
  expect(s.connections()).toBeLessThan(3);
});
