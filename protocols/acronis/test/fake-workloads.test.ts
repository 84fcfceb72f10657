import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { APP, BareClient, CLIENT_ID, CUSTOMER, cursorOf, itemsOf, OTHER, PARTNER, startFake, VM, workload } from './support/fake-world.ts';

const ALL = 'include_all_attributes=true';

test('workloads are created without an answer, listed with what is asked for, changed and deleted', async () => {
  await using fake = await startFake({ clock: new ManualClock(Date.UTC(2026, 2, 2)) });
  const client = await BareClient.of(fake);
  const created = await client.workloads('POST', '', { items: [workload('a', { external_id: 'cs:a' }), workload('b')] });
  expect([created.status, created.text]).toEqual([204, '']);
  const [row, second] = itemsOf(await client.workloads('GET', `?tenant_id=${CUSTOMER}&${ALL}&include_allowed_actions=true`));
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: VM,
    name: 'a',
    attributes: { fairlead_key: 'key:a', status: 'ONLINE' },
    client_id: CLIENT_ID,
    allowed_actions: [],
    tenant_id: CUSTOMER,
    external_id: 'cs:a',
    created_at: '2026-03-02T00:00:00.000Z',
    updated_at: '2026-03-02T00:00:00.000Z',
    is_auto_created: false,
    aggregation_status: 'NOT_AGGREGATED',
    enabled: true,
  });
  expect(second?.external_id).toBe(`${second?.id}@282`);
  const bare = itemsOf(await client.workloads('GET'))[0];
  expect([bare?.attributes, bare && 'allowed_actions' in bare]).toEqual([{}, false]);
  expect(itemsOf(await client.workloads('GET', '?include_attributes=status'))[0]?.attributes).toEqual({ status: 'ONLINE' });
  fake.clock.advance(1000);
  expect((await client.workloads('PATCH', `/${row?.id}`, { name: 'c', enabled: false })).status).toBe(204);
  const later = itemsOf(await client.workloads('GET', `?updated_at=gt(2026-03-02T00:00:00Z)&${ALL}`));
  expect(later).toMatchObject([{ name: 'c', enabled: false, attributes: { status: 'ONLINE' }, updated_at: '2026-03-02T00:00:01.000Z' }]);
  expect((await client.workloads('DELETE', `?workload_id=or(${row?.id},${second?.id})`)).status).toBe(204);
  expect(fake.workloads).toEqual([]);
  expect((await client.workloads('DELETE', `?workload_id=${row?.id}`)).status).toBe(404);
  expect((await client.workloads('PATCH', `/${row?.id}`, { name: 'd' })).status).toBe(404);
});

test.each<[string, object, string]>([
  [
    'a type that is not registered',
    { type: 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.other.v1.0' },
    'type: is not registered',
  ],
  ['an attribute too many', { attributes: { fairlead_key: 'k', status: 'ONLINE', x: 1 } }, 'additional properties x'],
  ['an attribute too few', { attributes: { status: 'ONLINE' } }, "required property 'fairlead_key'"],
  ['a status out of the list', { attributes: { fairlead_key: 'k', status: 'on' } }, 'attributes/status: must be equal'],
  ['a partner as holder', { tenant_id: PARTNER }, 'tenant_id: has to be a customer or a unit'],
  ['no tenant', { tenant_id: undefined }, 'tenant_id: has to be a string'],
  ['the id of another client', { client_id: 'somebody' }, 'client_id: is not that of the application'],
  ['an action that is not registered', { allowed_actions: ['x'] }, 'allowed_actions: is not registered'],
])('%s is 400 and says where', async (_name, more, reason) => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const got = await client.workloads('POST', '', { items: [workload('good'), workload('bad', more)] });
  expect([got.status, got.text]).toEqual([400, expect.stringContaining('items[1]')]);
  expect((got.json as { reason: string }).reason).toContain(reason);
  expect(fake.workloads).toEqual([]);
});

test('a batch may also be stored in part', async () => {
  await using fake = await startFake({ batch: 'partial' });
  const client = await BareClient.of(fake);
  const got = await client.workloads('POST', '', { items: [workload('a'), workload('b', { name: 5 }), workload('c')] });
  expect([got.status, fake.workloads.map(({ name }) => name)]).toEqual([400, ['a', 'c']]);
});

test('a second workload of one key is a duplicate, a change or a conflict, as it is told', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const post = async (name: string) => (await client.workloads('POST', '', { items: [workload(name, { external_id: 'k' })] })).status;
  expect([await post('a'), await post('b'), fake.workloads.length]).toEqual([204, 204, 2]);
  fake.unsettled.duplicates = 'conflict';
  expect([await post('c'), fake.workloads.length]).toEqual([409, 2]);
  fake.unsettled.duplicates = 'upsert';
  expect([await post('d'), fake.workloads.map(({ name }) => name)]).toEqual([204, ['d', 'b']]);
});

test('strict: the client id is wanted; reject-unknown: `external_id` is not known', async () => {
  await using fake = await startFake({ strict: true });
  const client = await BareClient.of(fake);
  const post = (more: object) => client.workloads('POST', '', { items: [workload('a', more)] });
  expect((await post({ client_id: undefined })).text).toContain('client_id: is missing');
  expect((await post({ external_id: 'k' })).status).toBe(204);
  fake.unsettled.strict = 'reject-unknown';
  expect((await post({ external_id: 'k' })).text).toContain('external_id: is not known');
  expect((await post({})).status).toBe(204);
});

test('what is new stays out of lists for a while, but is there', async () => {
  await using fake = await startFake({ clock: new ManualClock(), visibilityDelayMs: 60_000 });
  const client = await BareClient.of(fake);
  await client.create('a');
  expect([fake.workloads.length, itemsOf(await client.workloads('GET')).length]).toEqual([1, 0]);
  fake.clock.advance(60_000);
  expect(itemsOf(await client.workloads('GET'))).toHaveLength(1);
});

test('250 rows come in pages of 100; lost pages lose one row and repeat another', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const items = Array.from({ length: 250 }, (_, index) => workload(`vm-${index}`));
  await client.workloads('POST', '', { items });
  const walk = async () => {
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const got = await client.workloads('GET', after === undefined ? '' : `?after=${after}`);
      pages.push(itemsOf(got).map(({ id }) => String(id)));
      after = cursorOf(got);
    } while (after !== undefined);
    return pages;
  };
  expect((await walk()).map((page) => page.length)).toEqual([100, 100, 50]);
  fake.faults.next('workloads.list', { kind: 'losePages', rows: 2 });
  const pages = await walk();
  expect(pages.map((page) => page.length)).toEqual([100, 100, 51]);
  expect([new Set(pages.flat()).size, fake.workloads.length]).toEqual([250, 249]);
  expect((await client.workloads('GET', '?after=@@')).status).toBe(400);
});

test('lists can name tenants by their number', async () => {
  await using fake = await startFake({ tenantIdForm: 'legacy' });
  const client = await BareClient.of(fake);
  await client.create('a');
  expect(itemsOf(await client.workloads('GET', `?tenant_id=${CUSTOMER}`))[0]?.tenant_id).toBe(282);
});

test('limits of queries, and what excludes each other, are 400', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const ids = Array.from({ length: 101 }, (_, index) => `id-${index}`).join(',');
  for (const query of [`workload_id=or(${ids})`, `${ALL}&include_attributes=status`, 'colour=red', 'updated_at=ge(today)', 'order=name']) {
    expect([query, (await client.workloads('GET', `?${query}`)).status]).toEqual([query, 400]);
  }
  expect((await client.workloads('DELETE', `?workload_id=or(${ids})`)).status).toBe(400);
});

test('a DELETE that names nothing deletes nothing, and trips the wire', async () => {
  const fake = await startFake();
  const client = await BareClient.of(fake);
  await client.create('a');
  expect((await client.workloads('DELETE')).status).toBe(400);
  expect(fake.workloads).toHaveLength(1);
  await expect(fake[Symbol.asyncDispose]()).rejects.toThrow('names no workload');
});

test('the client may act where its app is enabled, and below, and nowhere else', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  fake.app(APP).enable(CUSTOMER);
  expect((await client.create('a')).status).toBe(204);
  const denied = await client.workloads('POST', '', { items: [workload('b', { tenant_id: OTHER })] });
  expect([denied.status, denied.json]).toEqual([403, { domain: 'Access', code: 'AccessDenied', reason: expect.any(String) }]);
  expect((await client.workloads('GET', `?tenant_id=${OTHER}`)).status).toBe(403);
  fake.app(APP).enable(PARTNER);
  expect((await client.workloads('POST', '', { items: [workload('b', { tenant_id: OTHER })] })).status).toBe(204);
  fake.app(APP).disable(PARTNER);
  expect(itemsOf(await client.workloads('GET'))).toHaveLength(1);
  const customer = fake.tenants.get(CUSTOMER);
  if (customer !== undefined) customer.enabled = false;
  expect((await client.create('c')).status).toBe(403);
});

test('what is no JSON is 415 by its type and 400 by its text, after the token and the tenant', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const url = `${fake.url()}/api/workload_management/v5/workloads`;
  const post = async (body: string, type: string, token = client.token) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
  expect(await post('{', 'text/plain', 'x')).toBe(401);
  expect(await post(JSON.stringify({ items: [workload('a', { tenant_id: APP })] }), 'application/json')).toBe(403);
  expect(await post(JSON.stringify({ items: [workload('a')] }), 'text/plain')).toBe(415);
  expect(await post('{', 'application/json')).toBe(400);
  expect(await post('{}', 'application/json; charset=utf-8')).toBe(400);
});
