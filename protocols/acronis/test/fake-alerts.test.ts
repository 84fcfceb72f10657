import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { alert, BareClient, CUSTOMER, cursorOf, itemsOf, OTHER, PARTNER, startFake } from './support/fake-world.ts';

const NOBODY = 'AAAAAAAA-0000-4000-8000-000000000000';

async function raised(client: BareClient, more: object = {}): Promise<string> {
  const got = await client.alerts('POST', '', alert(more));
  expect(got.status).toBe(200);
  return (got.json as { id: string }).id;
}

test('an alert is stored, shown, dismissed, and then only shown on request', async () => {
  await using fake = await startFake({ clock: new ManualClock(Date.UTC(2026, 2, 2, 4)) });
  const client = await BareClient.of(fake);
  const id = await raised(client, { ResourceID: 'w-1', ResourceName: 'shop-db-1' });
  expect(id).toMatch(/^[0-9A-F-]{36}$/);
  const shown = await client.alerts('GET', `/${id.toLowerCase()}`);
  expect(shown.json).toEqual({
    id,
    type: alert().type,
    category: alert().category,
    severity: 'error',
    createdAt: '2026-03-02T03:12:40.000Z',
    receivedAt: '2026-03-02T04:00:00.000Z',
    updatedAt: '2026-03-02T04:00:00.000Z',
    details: alert().details,
    _source: 'fairlead:9c1e',
    _sourceTimeStamp: 184467,
    tenant: { id: '282', uuid: CUSTOMER, locator: '/1/281/282/' },
  });
  fake.clock.advance(1000);
  const gone = await client.alerts('DELETE', `/${id}`);
  expect([gone.status, gone.text]).toEqual([204, '']);
  expect((await client.alerts('DELETE', `/${id}`)).status).toBe(404);
  expect((await client.alerts('GET', `/${id}`)).status).toBe(404);
  expect((await client.alerts('GET', `/${id}?show_deleted=true`)).json).toMatchObject({ deletedAt: '2026-03-02T04:00:01.000Z' });
  expect([fake.alerts.length, fake.openAlerts.length]).toEqual([1, 0]);
});

test.each<[string, object, string]>([
  ['a type that is not registered', { type: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~acme.fairlead.unheard.v1.0' }, 'type: is not registered'],
  ['the type of another app', { type: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~other.app.backup_failed.v1.0' }, 'type: is not registered'],
  ['a category that is not registered', { category: 'cti.a.p.am.category.v1.0~acme.fairlead.other.v1.0' }, 'category: is not registered'],
  ['details that are no object', { details: 'failed' }, 'details: has to be an object'],
  ['a title that is no text', { details: { title: 5 } }, 'details.title: has to be a string'],
  ['fields that are not text', { details: { fields: { Machine: 5 } } }, 'details.fields: has to be an object of strings'],
  ['a severity that is none', { severity: 'fatal' }, 'severity: is not one of them'],
  ['a date that is none', { createdAt: 'yesterday' }, 'createdAt: has to be RFC 3339'],
  ['a stamp with a fraction', { _sourceTimeStamp: 1.5 }, '_sourceTimeStamp: has to be an integer'],
  ['an id that is no UUID', { id: 'x' }, 'id: has to be a UUID'],
  ['a context of numbers', { context: { a: 1 } }, 'context: has to be an object of strings'],
  ['a source that is no text', { _source: 5 }, '_source: has to be a string'],
])('%s is 400', async (_name, more, reason) => {
  await using fake = await startFake();
  const got = await (await BareClient.of(fake)).alerts('POST', '', alert(more));
  expect([got.status, got.json]).toEqual([400, { domain: 'Request', code: 'InvalidArgument', reason }]);
  expect(fake.alerts).toEqual([]);
});

test('unknown members are passed over, or refused when it is told to', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  await raised(client, { whatever: 1, details: { more: true } });
  fake.unsettled.strict = 'reject-unknown';
  expect((await client.alerts('POST', '', alert({ whatever: 1 }))).status).toBe(400);
  await raised(client, { ResourceID: 'w', ResourceName: 'n' });
  fake.unsettled.resourceMembers = 'details';
  expect((await client.alerts('POST', '', alert({ ResourceID: 'w' }))).status).toBe(400);
  await raised(client, { details: { title: 'x', ResourceID: 'w', ResourceName: 'n' } });
  expect(fake.alerts.at(-1)).toMatchObject({ resourceId: 'w', resourceName: 'n' });
});

test('lists are filtered by everything that is documented', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const first = await raised(client, { _sourceTimeStamp: 1, createdAt: '2026-03-01T00:00:00Z', ResourceID: 'w-1' });
  const second = await raised(client, { _sourceTimeStamp: 2, tenantID: OTHER, type: alert().type.replace('backup_failed', 'host_down') });
  const third = await raised(client, { _sourceTimeStamp: 3, _source: 'somebody', details: { title: 'Disk' } });
  fake.dismiss(third);
  const ids = async (query: string) => itemsOf(await client.alerts('GET', `?${query}`)).map(({ id }) => id);
  expect(await ids('')).toEqual([first, second]);
  expect(await ids('show_deleted=true')).toEqual([first, second, third]);
  expect(await ids('show_deleted_only=true')).toEqual([third]);
  expect(await ids(`id=${first}&id=${second.toLowerCase()}`)).toEqual([first, second]);
  expect(await ids(`tenant=${OTHER}`)).toEqual([second]);
  expect(await ids(`tenant=or(${OTHER},${CUSTOMER})`)).toEqual([first, second]);
  expect(await ids('tenant=282')).toEqual([first]);
  expect(await ids('severity=critical')).toEqual([second]);
  expect(await ids('severity=le(error)')).toEqual([first]);
  expect(await ids('source=fairlead:9c1e&source_time_stamp=eq(2)&show_deleted=true')).toEqual([second]);
  expect(await ids('source_time_stamp=ge(2)&show_deleted=true')).toEqual([second, third]);
  expect(await ids('resourceId=w-1')).toEqual([first]);
  expect(await ids('query=disk&show_deleted=true')).toEqual([third]);
  expect(await ids('order=desc(source_time_stamp)')).toEqual([second, first]);
  expect((await client.alerts('GET', '?colour=red')).status).toBe(400);
  expect((await client.alerts('GET', '?severity=about(error)')).status).toBe(400);
});

test('cyberapp 9.171: instants in filters are nanoseconds of 19 digits', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  await raised(client, { createdAt: '2026-03-01T00:00:00.001Z' });
  const exact = `${BigInt(Date.UTC(2026, 2, 1)) * 1_000_000n + 1_000_000n}`;
  expect(exact).toHaveLength(19);
  const count = async (bound: string) => itemsOf(await client.alerts('GET', `?created_at=${bound}`)).length;
  expect([await count(`eq(${exact})`), await count(`gt(${exact})`), await count(`ge(${exact})`)]).toEqual([1, 0, 1]);
  expect(await count(`lt(${BigInt(exact) + 1n})`)).toBe(1);
  expect((await client.alerts('GET', '?created_at=ge(2026-03-01T00:00:00Z)')).status).toBe(400);
});

test('pages have opaque cursors; one that is none is 400', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  for (let stamp = 0; stamp < 7; stamp += 1) await raised(client, { _sourceTimeStamp: stamp });
  const stamps: unknown[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    const got = await client.alerts('GET', `?limit=3${after === undefined ? '' : `&after=${after}`}`);
    stamps.push(...itemsOf(got).map((item) => item._sourceTimeStamp));
    after = cursorOf(got);
    pages += 1;
  } while (after !== undefined);
  expect([stamps, pages]).toEqual([[0, 1, 2, 3, 4, 5, 6], 3]);
  expect((await client.alerts('GET', '?after=zzz')).status).toBe(400);
  expect((await client.alerts('GET', '?limit=0')).status).toBe(400);
});

test('a bad id is 400, an unknown one 404, and a false positive is one', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const id = await raised(client);
  expect((await client.alerts('DELETE', '/x')).status).toBe(400);
  expect((await client.alerts('DELETE', `/${NOBODY}`)).status).toBe(404);
  expect((await client.alerts('GET', `/${NOBODY}`)).status).toBe(404);
  expect((await client.alerts('PATCH', `/${id}/false_positive`, { falsePositive: true })).status).toBe(204);
  expect((await client.alerts('PATCH', `/${id}/false_positive`, { falsePositive: 'yes' })).status).toBe(400);
  expect((await client.alerts('GET', `/${id}`)).json).toMatchObject({ falsePositive: true });
});

test('an alert that names no tenant is one of the tenant of the client', async () => {
  await using fake = await startFake();
  await raised(await BareClient.of(fake), { tenantID: undefined });
  expect(fake.alerts[0]?.tenantId).toBe(PARTNER);
});

test('registered types and categories are listed', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  expect(itemsOf(await client.send('GET', '/api/alert_manager/v1/types'))).toEqual([
    { id: alert().type, name: 'backup_failed', severity: 'error', enabled: true },
    { id: expect.stringContaining('host_down'), name: 'host_down', severity: 'critical', enabled: true },
  ]);
  expect(itemsOf(await client.send('GET', '/api/alert_manager/v1/categories'))).toMatchObject([{ id: alert().category, name: 'backup' }]);
});

test('cyberapp 9.170: a DELETE without any filter dismisses everything, and the fake cannot be disposed in peace', async () => {
  const fake = await startFake();
  const client = await BareClient.of(fake);
  await raised(client);
  await raised(client, { tenantID: OTHER });
  expect((await client.alerts('DELETE', `?tenant=${OTHER}`)).status).toBe(204);
  expect([fake.openAlerts.length, fake.sawUnfilteredDelete]).toEqual([1, false]);
  expect((await client.alerts('DELETE')).status).toBe(204);
  expect([fake.openAlerts.length, fake.sawUnfilteredDelete]).toEqual([0, true]);
  await expect(fake[Symbol.asyncDispose]()).rejects.toThrow('a client deleted without saying what: DELETE /api/alert_manager/v1/alerts');
});
