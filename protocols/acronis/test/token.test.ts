import { silentLog } from '@fairlead/kernel/log';
import { describe, expect, test } from 'vitest';
import { AcronisClient } from '../src/index.ts';
import { CLIENT_ID, QuickClock, SECRET, scene, TOKEN, tokenReply } from './support/upstream.ts';

const ALERT = '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e';
const GET = `GET /api/alert_manager/v1/alerts/${ALERT}`;
const good = { body: { id: ALERT, type: 'x' } };
const refused = { status: 401, body: { error: 'access_denied', error_description: `no ${SECRET}` } };
const MINUTE = 60_000;

test('cyberapp 9.119: a token is asked for as Acronis wants it', async () => {
  await using s = await scene({});
  await s.client.authenticate();
  expect(s.seen()).toHaveLength(1);
  expect(s.seen()[0]).toMatchObject({
    method: 'POST',
    url: '/bc/idp/token',
    body: 'grant_type=client_credentials',
    headers: {
      authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': '29',
    },
  });
});

describe('cyberapp 9.120: the life of a token', () => {
  test('it serves 115 minutes of its two hours, and is renewed before its end', async () => {
    await using s = await scene({ [GET]: good });
    await s.client.alerts.get(ALERT);
    s.clock.advance(107 * MINUTE);
    await s.client.alerts.get(ALERT);
    expect(s.seen(TOKEN)).toHaveLength(1);
    s.clock.advance(2 * MINUTE);
    await s.client.alerts.get(ALERT);
    expect(s.seen(TOKEN)).toHaveLength(2);
    expect(s.seen(GET).map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  test('all who need one at once wait for the same', async () => {
    await using s = await scene({ [GET]: good });
    await Promise.all([1, 2, 3, 4].map(() => s.client.alerts.get(ALERT)));
    expect(s.seen(TOKEN)).toHaveLength(1);
  });

  test('one who gives up leaves the token to the others', async () => {
    await using s = await scene({ [GET]: good });
    const abort = new AbortController();
    const [given, taken] = [s.client.authenticate(abort.signal), s.client.alerts.get(ALERT)];
    abort.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(await taken).toMatchObject({ id: ALERT });
  });

  test('while it lives it serves on when no new one can be had', async () => {
    const clock = new QuickClock();
    await using s = await scene({ [GET]: good, [TOKEN]: (_seen, count) => (count === 1 ? tokenReply(clock, 't1') : { status: 500 }) });
    await s.client.alerts.get(ALERT);
    s.clock.advance(118 * MINUTE);
    expect(await s.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
    s.clock.advance(2 * MINUTE);
    await expect(s.client.alerts.get(ALERT)).rejects.toMatchObject({ code: 'ACRONIS_SERVER' });
  });

  test('their clock counts, whatever ours says', async () => {
    const ahead = 3 * 3_600_000;
    await using s = await scene({
      [GET]: good,
      [TOKEN]: () => {
        const at = s.clock.now() + ahead;
        const body = { access_token: 't', token_type: 'bearer', expires_on: at / 1000 + 7200 };
        return { body, headers: { date: new Date(at).toUTCString() } };
      },
    });
    await s.client.authenticate();
    expect(s.client.clockOffsetMs).toBe(ahead);
    s.clock.advance(100 * MINUTE);
    await s.client.authenticate();
    expect(s.seen(TOKEN)).toHaveLength(1);
    s.clock.advance(9 * MINUTE);
    await s.client.authenticate();
    expect(s.seen(TOKEN)).toHaveLength(2);
  });
});

test.each([
  ['expires_in', { expires_in: 7200 }, 107, 109],
  ['nothing', {}, 53, 55],
])('cyberapp 9.121: a token that says %s of its end lives as long as the rule says', async (_name, more, kept, renewed) => {
  await using s = await scene({ [TOKEN]: { body: { access_token: 't', token_type: 'bearer', ...more } } });
  await s.client.authenticate();
  s.clock.advance(kept * MINUTE);
  await s.client.authenticate();
  expect(s.seen(TOKEN)).toHaveLength(1);
  s.clock.advance((renewed - kept) * MINUTE);
  await s.client.authenticate();
  expect(s.seen(TOKEN)).toHaveLength(2);
});

test('a token of a minute is used for half of it, not fetched for each call', async () => {
  await using s = await scene({ [TOKEN]: () => tokenReply(s.clock, 't', 60) });
  for (let second = 0; second < 28; second += 7, s.clock.advance(7000)) await s.client.authenticate();
  expect(s.seen(TOKEN)).toHaveLength(1);
});

describe('cyberapp 9.122: a 401 of an API', () => {
  test('costs one new token and one repeat', async () => {
    await using s = await scene({
      [GET]: ({ headers }) => (headers.authorization === 'Bearer t1' ? { status: 401, body: '<html>' } : good),
    });
    expect(await s.client.alerts.get(ALERT)).toMatchObject({ id: ALERT });
    expect(s.seen(TOKEN)).toHaveLength(2);
    expect(s.seen(GET)).toHaveLength(2);
  });

  test('a second one is the end of it', async () => {
    await using s = await scene({ [GET]: { status: 401, body: '<html>no</html>' } });
    await expect(s.client.alerts.get(ALERT)).rejects.toMatchObject({ code: 'ACRONIS_TOKEN_REFUSED', detail: { dc: 'eu8', status: 401 } });
    expect(s.seen(GET)).toHaveLength(2);
  });
});

describe('cyberapp 9.123: credentials that are refused', () => {
  test('are read once more, and sent again only when they are others', async () => {
    const asked: boolean[] = [];
    const credentials = async (again: boolean) => {
      asked.push(again);
      return { clientId: CLIENT_ID, clientSecret: again ? 'new' : SECRET };
    };
    const fresh = Buffer.from(`${CLIENT_ID}:new`).toString('base64');
    await using s = await scene(
      { [TOKEN]: (seen) => (seen.headers.authorization?.endsWith(fresh) ? tokenReply(s.clock, 't') : refused) },
      { credentials },
    );
    await s.client.authenticate();
    expect(asked).toEqual([false, true]);
    expect(s.seen(TOKEN)).toHaveLength(2);
  });

  test.each([400, 401, 403])('with status %d are an error of their own, which says what Acronis said but no secret', async (status) => {
    await using s = await scene({ [TOKEN]: { ...refused, status } });
    const error = await s.client.authenticate().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ACRONIS_TOKEN_REFUSED', detail: { reason: 'access_denied' } });
    expect(s.seen(TOKEN)).toHaveLength(1);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(SECRET);
  });

  test('as a page are the same', async () => {
    await using s = await scene({ [TOKEN]: { status: 401, body: '<html>Denied</html>' } });
    await expect(s.client.authenticate()).rejects.toMatchObject({ code: 'ACRONIS_TOKEN_REFUSED', detail: { reason: 'status 401' } });
  });
});

test.each([[{}], [{ access_token: 5 }], [{ access_token: 'a b' }], [{ access_token: '' }]])('an answer %j is no token', async (body) => {
  await using s = await scene({ [TOKEN]: { body } });
  await expect(s.client.authenticate()).rejects.toMatchObject({ code: 'ACRONIS_PROTOCOL' });
});

test('a data center that leads to a private address gets no secret', async () => {
  await using s = await scene({}, { allowPrivate: true });
  const options = { datacenter: 'eu8', credentials: async () => ({ clientId: 'a', clientSecret: 'b' }), clock: s.clock, log: silentLog() };
  const resolve = async () => ['127.0.0.1'];
  await using client = new AcronisClient({ ...options, url: 'https://eu8.acronis.cloud', resolve });
  await expect(client.authenticate()).rejects.toMatchObject({
    code: 'ACRONIS_UNREACHABLE',
    detail: { reason: 'its name leads to a private address' },
  });
  expect(() => new AcronisClient({ ...options, url: 'http://eu8.acronis.cloud' })).toThrow(RangeError);
  expect(() => new AcronisClient({ ...options, url: 'https://eu8.acronis.cloud/api' })).toThrow(RangeError);
});
