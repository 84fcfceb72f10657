import { expect, test } from 'vitest';
import type { FakeAcronis } from '../src/fake/index.ts';
import {
  APP,
  alert,
  ask,
  BareClient,
  CLIENT_ID,
  CUSTOMER,
  type Got,
  itemsOf,
  OTHER,
  PARTNER,
  SECRET,
  startFake,
  tokenRequest,
} from './support/fake-world.ts';

function control(fake: FakeAcronis, method: string, what: string, body?: object, headers: Record<string, string> = {}): Promise<Got> {
  return ask(`${fake.url()}/_fake/${what}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

test('other programs arm faults, turn the clock, look and forget', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const armed = await control(fake, 'POST', 'faults', { route: 'alerts.list', fault: { kind: 'html', status: 502 }, times: 2 });
  expect(armed.status).toBe(200);
  expect((await client.alerts('GET')).status).toBe(502);
  await control(fake, 'DELETE', 'faults');
  expect((await client.alerts('GET')).status).toBe(200);
  const before = fake.clock.now();
  expect((await control(fake, 'POST', 'clock', { advance: 60_000 })).json).toEqual({ now: expect.any(Number) });
  expect(fake.clock.now() - before).toBeGreaterThanOrEqual(60_000);
  await client.create('a');
  const id = ((await client.alerts('POST', '', alert())).json as { id: string }).id;
  expect((await control(fake, 'POST', `dismiss/${id}`)).status).toBe(200);
  expect((await control(fake, 'POST', `dismiss/${id}`)).status).toBe(404);
  const state = (await control(fake, 'GET', 'state')).json;
  expect(state).toMatchObject({ datacenters: ['eu8'], tenants: 3, workloads: [{ name: 'a' }], alerts: [{ id }], tripped: [], requests: 5 });
  const requests = (await control(fake, 'GET', 'requests')).json as { route: string; status: number }[];
  expect(requests.map(({ route, status }) => `${route} ${status}`)).toEqual([
    'token 200',
    'alerts.list 502',
    'alerts.list 200',
    'workloads.create 204',
    'alerts.create 200',
  ]);
  await control(fake, 'POST', 'reset');
  expect([fake.workloads.length, fake.alerts.length, fake.requests.of().length]).toEqual([0, 0, 0]);
  expect((await client.alerts('GET')).status).toBe(401);
});

test('other programs add tenants', async () => {
  await using fake = await startFake();
  const added = await control(fake, 'POST', 'tenants', { name: 'New', parentId: PARTNER });
  expect([added.status, added.json]).toEqual([201, expect.objectContaining({ name: 'New', kind: 'customer', locator: '/1/281/284/' })]);
  expect((await control(fake, 'GET', 'tenants')).json).toHaveLength(4);
  for (const wrong of [
    {},
    { name: 'x', kind: 'king' },
    { name: 'x', parentId: 'nobody' },
    { name: 'x', id: CUSTOMER },
    { name: 'x', datacenter: 'xx' },
  ]) {
    expect([wrong, (await control(fake, 'POST', 'tenants', wrong)).status]).toEqual([wrong, 400]);
  }
});

test('what is no control is refused, and pages of browsers are not let in', async () => {
  await using fake = await startFake();
  expect((await control(fake, 'GET', 'nothing')).status).toBe(404);
  expect((await control(fake, 'GET', 'state', undefined, { origin: 'https://example.com' })).status).toBe(404);
  expect((await control(fake, 'POST', 'clock', { advance: 'soon' })).status).toBe(400);
  expect((await ask(`${fake.url()}/_fake/clock`, { method: 'POST', body: '{' })).status).toBe(400);
  const faults: readonly object[] = [
    { route: 'nowhere', fault: { kind: 'hang' } },
    { route: '*', fault: { kind: 'earthquake' } },
    { route: '*', fault: { kind: 'slow' } },
    { route: '*', fault: { kind: 'html', status: 99 } },
    { route: '*', fault: { kind: 'hang' }, times: -1 },
    { route: '*', fault: { kind: 'hang' }, tenant: 5 },
    { route: '*', fault: 'hang' },
  ];
  for (const fault of faults) expect([fault, (await control(fake, 'POST', 'faults', fault)).status]).toEqual([fault, 400]);
  expect(fake.requests.count()).toBe(0);
});

test('the recorder says what came in which order, for whom, and holds no secret', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  await client.create('a');
  await client.alerts('GET', `?tenant=or(${CUSTOMER},${OTHER})`);
  fake.requests.expectOrder('token', 'alerts.list');
  expect(() => fake.requests.expectOrder('alerts.list', 'token')).toThrow(
    'token did not come where it should: token → workloads.create → alerts.list',
  );
  fake.requests.expectCount('workloads.create', 1);
  expect(() => fake.requests.expectCount('workloads.create', 2)).toThrow('1 requests to workloads.create, not 2');
  expect(() => fake.requests.expectNoRequestFor(OTHER)).toThrow('a request for the tenant');
  fake.requests.expectNoRequestFor(PARTNER);
  fake.requests.expectNothingUnexpected();
  const all = JSON.stringify(fake.requests.of());
  expect(all).not.toContain(client.token);
  expect(all).not.toContain(JSON.stringify(SECRET));
  expect(fake.requests.of('token')[0]).toMatchObject({
    headers: { authorization: 'Basic <redacted>' },
    body: { grant_type: 'client_credentials' },
  });
  expect(fake.requests.of('workloads.create')[0]?.body).toMatchObject({ items: [{ name: 'a' }] });
  fake.requests.expectNoSecretInUrl();
});

test('a secret in a URL is found, encoded or not', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  await client.alerts('GET', `?query=${encodeURIComponent(SECRET)}`);
  expect(() => fake.requests.expectNoSecretInUrl()).toThrow('a secret in the URL of GET /api/alert_manager/v1/alerts');
  fake.requests.clear();
  fake.requests.expectNoSecretInUrl();
  await client.alerts('GET', `?query=${client.token}`);
  expect(() => fake.requests.expectNoSecretInUrl()).toThrow('a secret in the URL');
});

test('only the latest requests are kept, but all are counted', async () => {
  await using fake = await startFake({ keepRequests: 2 });
  const client = await BareClient.of(fake);
  for (let times = 0; times < 4; times += 1) await client.alerts('GET');
  expect([fake.requests.of().length, fake.requests.count(), fake.requests.count('alerts.list'), fake.requests.writes]).toEqual([
    2, 5, 4, 0,
  ]);
  expect(() => fake.requests.expectOrder('alerts.list')).toThrow('not all requests are kept');
  await client.create('a');
  await client.alerts('GET');
  await client.alerts('GET');
  expect(fake.requests.writes).toBe(1);
  expect(() => fake.requests.expectNoRequestFor(CUSTOMER)).toThrow('POST /api/workload_management/v5/workloads');
});

test('accounts: the own client, tenants by selector, children, and what is not there', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const get = (path: string) => client.send('GET', `/api/2/${path}`);
  expect((await get(`clients/${CLIENT_ID}`)).json).toMatchObject({ client_id: CLIENT_ID, tenant_id: PARTNER });
  expect((await get('clients/other')).status).toBe(404);
  expect((await get(`tenants/${CUSTOMER}`)).json).toEqual({
    id: CUSTOMER,
    name: 'Bakery Lind',
    kind: 'customer',
    enabled: true,
    parent_id: PARTNER,
    pricing_mode: 'production',
    ancestral_access: true,
    deleted_at: null,
    version: 1,
  });
  expect((await get('tenants')).json).toEqual({ error: expect.objectContaining({ code: 1000 }) });
  const names = async (query: string) => itemsOf(await get(`tenants?${query}`)).map(({ name }) => name);
  expect(await names(`uuids=${CUSTOMER},${OTHER.toUpperCase()}`)).toEqual(['Bakery Lind', 'Harbour Law LLP']);
  expect(await names(`parent_id=${PARTNER}`)).toEqual(['Bakery Lind', 'Harbour Law LLP']);
  expect(await names(`subtree_root_id=${PARTNER}`)).toEqual(['Nordhost', 'Bakery Lind', 'Harbour Law LLP']);
  const page = await get(`tenants?subtree_root_id=${PARTNER}&limit=2`);
  const { after } = (page.json as { paging: { cursors: { after: string } } }).paging.cursors;
  expect(await names(`after=${after}`)).toEqual(['Harbour Law LLP']);
  expect((await get('tenants?after=x')).status).toBe(400);
  expect((await get(`tenants?uuids=${Array.from({ length: 101 }, () => CUSTOMER).join(',')}`)).status).toBe(400);
  expect((await get(`tenants/${PARTNER}/children`)).json).toEqual({ items: [CUSTOMER, OTHER] });
  expect([(await get(`tenants/${CLIENT_ID}`)).status, (await get(`tenants/${CLIENT_ID}`)).json]).toEqual([
    404,
    { error: expect.objectContaining({ code: 1005 }) },
  ]);
  const gone = fake.tenants.get(OTHER);
  if (gone !== undefined) gone.deletedAt = Date.UTC(2026, 0, 1);
  expect((await get(`tenants/${OTHER}`)).json).toMatchObject({ deleted_at: '2026-01-01T00:00:00.000Z' });
  expect(await names(`parent_id=${PARTNER}`)).toEqual(['Bakery Lind']);
});

test('without the scope of the tenant structure accounts are 403', async () => {
  await using fake = await startFake({ apps: [{ code: APP, clientId: CLIENT_ID, clientSecret: SECRET, tenantStructure: false }] });
  const client = await BareClient.of(fake);
  const got = await client.send('GET', `/api/2/tenants/${CUSTOMER}`);
  expect([got.status, got.json]).toEqual([403, { error: expect.objectContaining({ code: 1002 }) }]);
  expect((await client.send('GET', `/api/2/clients/${CLIENT_ID}`)).status).toBe(200);
});

test('a status is taken down', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  expect((await client.send('POST', `/api/integration_management/v2/status?tenantID=${CUSTOMER}`, { ok: true })).status).toBe(204);
  expect(fake.statuses).toEqual([{ at: expect.any(Number), app: APP, tenantId: CUSTOMER, body: { ok: true } }]);
});

test('what cannot be is said at the start', async () => {
  await expect(startFake({ tenants: [{ name: 'x', parentId: CUSTOMER }] })).rejects.toThrow('the parent of x is not there');
  await expect(startFake({ tenants: [{ name: 'x', datacenter: 'xx' }] })).rejects.toThrow('there is no data center xx');
  await expect(startFake({ apps: [{ code: 'Fairlead', clientId: 'a', clientSecret: 'b' }] })).rejects.toThrow('is no CyberApp code');
  await expect(startFake({ apps: [{ code: APP, clientId: 'a', clientSecret: 'b', categories: ['Not Good'] }] })).rejects.toThrow(
    'makes no identifier',
  );
  await using fake = await startFake();
  expect(() => fake.url('xx')).toThrow('there is no data center xx');
  expect(() => fake.app('other.app')).toThrow('there is no app other.app');
});

test('the same seed gives the same ids', async () => {
  const ids = async (seed: number) => {
    await using fake = await startFake({ seed });
    await (await BareClient.of(fake)).create('a', 'b');
    return fake.workloads.map(({ id }) => id);
  };
  expect(await ids(1)).toEqual(await ids(1));
  expect(await ids(1)).not.toEqual(await ids(2));
});

test('answers take their time when they are told to', async () => {
  await using fake = await startFake({ answerMs: 30 });
  const began = performance.now();
  await ask(`${fake.url()}/bc/idp/token`, tokenRequest());
  expect(performance.now() - began).toBeGreaterThanOrEqual(25);
});
