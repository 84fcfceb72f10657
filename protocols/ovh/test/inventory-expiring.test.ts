import { expect, test } from 'vitest';
import type { Json, Row } from '../src/fake/index.ts';
import { InvalidCallError } from '../src/index.ts';
import { readExpiring } from '../src/inventory/index.ts';
import { clientAt, NO_ROUTE, SMALL } from './support/inventory.ts';
import { failureOf, type World, world } from './support/world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const NOW = Date.parse('2026-11-22T23:59:59Z');

interface Wish {
  readonly date: Json;
  readonly state?: string;
  readonly mode?: string;
}

/** Replaces all services of the world by these. */
function services(api: World, wishes: Readonly<Record<string, Wish>>): void {
  const { services: rows } = api.fake.state;
  rows.clear();
  for (const [at, [name, { date, state = 'active', mode = 'automatic' }]] of Object.entries(wishes).entries()) {
    rows.set(at + 1, {
      serviceId: at + 1,
      billing: { expirationDate: date, lifecycle: { current: { state } }, renew: { current: { mode } } },
      resource: { name, displayName: `the ${name}`, state: 'active', product: { name: 'x' } },
      route: { path: '/vps/{serviceName}', url: `/vps/${name}` },
    });
  }
}

test('what ends within so many days, what has ended and what is unpaid, by day', async () => {
  await using api = await world({}, SMALL);
  services(api, {
    later: { date: '2026-12-23T00:00:00+00:00' },
    last: { date: '2026-12-22T00:00:00+01:00', mode: 'manual' },
    today: { date: '2026-11-22T00:00:00+00:00' },
    ended: { date: '2026-11-21T00:00:00+00:00' },
    unpaid: { date: '2028-01-01', state: 'unpaid' },
    endless: { date: null },
    debt: { date: null, state: 'pendingDebt' },
    gone: { date: '2020-01-01', state: 'terminated' },
    noDay: { date: '2026-02-30T00:00:00+00:00' },
  });
  const { services: found, ...rest } = await readExpiring(api.client, { days: 30, now: NOW });
  expect(found.map(({ name, days, reason }) => [name, days, reason])).toEqual([
    ['debt', undefined, 'unpaid'],
    ['ended', -1, 'expired'],
    ['today', 0, 'expiring'],
    ['last', 30, 'expiring'],
    ['unpaid', 405, 'unpaid'],
  ]);
  expect(found[3]).toEqual({
    type: '/vps',
    name: 'last',
    displayName: 'the last',
    serviceId: 2,
    expires: '2026-12-22',
    days: 30,
    status: 'active',
    autoRenew: false,
    reason: 'expiring',
  });
  expect(rest).toEqual({
    complete: true,
    endpoint: api.fake.apiUrl,
    today: '2026-11-22',
    days: 30,
    refused: [],
    errors: [],
    missingRules: [],
    missingActions: [],
  });
});

test('days are days in every time zone of this machine, also where clocks are changed', async () => {
  await using api = await world({}, SMALL);
  services(api, { a: { date: '2026-10-26T00:00:00+02:00' }, b: { date: '2027-03-29T00:00:00+01:00' } });
  const zone = process.env.TZ;
  try {
    for (const name of ['Europe/Paris', 'Pacific/Kiritimati', 'America/St_Johns', 'UTC']) {
      process.env.TZ = name;
      const { services: found } = await readExpiring(api.client, { days: 400, now: Date.parse('2026-10-24T00:30:00Z') });
      expect([name, found.map(({ expires, days }) => [expires, days])]).toEqual([
        name,
        [
          ['2026-10-26', 2],
          ['2027-03-29', 156],
        ],
      ]);
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test('without the list of all services, each kind is asked; what is refused is tolerated and told', async () => {
  await using api = await world({ retry: false }, { servers: 4, vps: 3, domains: 2, projects: 1, ips: 0, vracks: 1 });
  api.fake.faults.next('/services', NO_ROUTE, ALWAYS);
  api.fake.faults.next('/domain', { kind: 'status', status: 410, class: 'Client::Gone', message: 'gone' }, ALWAYS);
  const rules = ['/services', '/services/*', '/dedicated/*', '/domain', '/vps/*', '/sms', '/vrack', '/vrack/*'].map((path) => ({
    method: 'GET',
    path,
  }));
  const client = api.another({ retry: false, consumerKey: api.fake.issue({ rules }).consumerKey });
  const [[name, { serviceInfos }] = ['', { serviceInfos: {} as Row }]] = api.fake.state.servers;
  Object.assign(serviceInfos, { expiration: '2026-12-01', status: 'ok', serviceId: 42, renew: { automatic: false } });
  const expiring = await readExpiring(client, { days: 9, now: NOW });
  expect(expiring.services.find((service) => service.serviceId === 42)).toEqual({
    type: '/dedicated/server',
    name,
    displayName: name,
    serviceId: 42,
    expires: '2026-12-01',
    days: 9,
    status: 'ok',
    autoRenew: false,
    reason: 'expiring',
  });
  expect(expiring.services.every(({ type }) => type === '/dedicated/server' || type === '/vrack')).toBe(true);
  expect(expiring.refused.map(({ route, status }) => `${route} ${status}`)).toEqual(
    expect.arrayContaining(['GET /domain 410', 'GET /vps 403']),
  );
  expect([expiring.errors, expiring.complete]).toEqual([[], false]);
  expect(expiring.missingRules).toEqual(expect.arrayContaining(['GET /vps', 'GET /cloud/project']));
});

test('an endpoint without the list and with few products has a complete answer', async () => {
  await using api = await world({ retry: false }, SMALL);
  api.fake.faults.next('/services', NO_ROUTE, ALWAYS);
  const expiring = await readExpiring(clientAt(api, 'kimsufi-eu', false), { days: 4000, now: NOW });
  const { servers, vps, domains, projects } = api.fake.state;
  const names = [servers, vps, domains, projects].flatMap((rows) => [...rows.keys()]);
  expect(new Set(expiring.services.map(({ name }) => name))).toEqual(new Set(names));
  expect([expiring.complete, expiring.errors, expiring.refused.map(({ status }) => status)]).toEqual([true, [], [404]]);
});

test('a service that cannot be read is told, and costs nothing else', async () => {
  await using api = await world({ retry: false }, SMALL);
  services(api, { a: { date: '2026-11-25' }, b: { date: '2026-11-24' }, c: { date: '2026-11-23' }, d: { date: '2026-11-23' } });
  api.fake.faults.next('/services/2', { kind: 'status', status: 500 });
  api.fake.faults.next('/services/3', { kind: 'status', status: 404, class: 'Client::NotFound', message: 'no such object' });
  api.fake.faults.next('/services/4', { kind: 'body', body: '[1]' });
  const expiring = await readExpiring(api.client, { days: 30, now: NOW });
  expect(expiring.services.map(({ name }) => name)).toEqual(['a']);
  expect(expiring.errors.map(({ route, status }) => `${route} ${status}`).sort()).toEqual([
    'GET /services/{serviceId} 200',
    'GET /services/{serviceId} 500',
  ]);
  expect(expiring.refused).toMatchObject([{ status: 404, code: 'OVH_RESOURCE_NOT_FOUND' }]);
  expect(expiring.complete).toBe(false);
});

test('no valid key, a signal, and days that are none', async () => {
  await using api = await world({ retry: false }, SMALL);
  const expired = api.another({ consumerKey: api.fake.issue({ rules: [], status: 'expired' }).consumerKey });
  expect(await failureOf(readExpiring(expired, { days: 1 }))).toMatchObject({ code: 'OVH_INVALID_CREDENTIAL' });
  for (const days of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(await failureOf(readExpiring(api.client, { days }))).toBeInstanceOf(InvalidCallError);
  }
  api.fake.faults.next('/services/*', { kind: 'hang' }, ALWAYS);
  expect(await failureOf(readExpiring(api.client, { days: 1, signal: AbortSignal.timeout(200) }))).toMatchObject({ name: 'TimeoutError' });
  expect(await failureOf(readExpiring(api.client, { days: 1, signal: AbortSignal.abort(new Error('no')) }))).toMatchObject({
    message: 'no',
  });
});

test('a hundred services while a fifth of all calls fails', async () => {
  await using api = await world({ retry: { maxAttempts: 12 } }, SMALL);
  const days = Array.from({ length: 100 }, (_, at) => [`s${at}`, { date: `2026-12-${String((at % 31) + 1).padStart(2, '0')}` }] as const);
  services(api, Object.fromEntries(days));
  api.fake.faults.sometimes('*', 0.2, { kind: 'status', status: 429, retryAfter: 1 }, { kind: 'status', status: 502 }, { kind: 'reset' });
  const expiring = await readExpiring(api.client, { days: 60, now: NOW });
  expect([expiring.complete, expiring.services.length]).toEqual([true, 100]);
  const written = expiring.services.map(({ expires }) => expires);
  expect(written).toEqual([...written].sort());
});
