import { connect } from 'node:net';
import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import type { Fault } from '../src/fake/index.ts';
import {
  APP,
  alert,
  ask,
  BareClient,
  CUSTOMER,
  type Got,
  itemsOf,
  OTHER,
  startFake,
  tokenRequest,
  workload,
} from './support/fake-world.ts';

/** The answer, or that there was none. */
async function tried(asked: Promise<Got>): Promise<Got | 'failed'> {
  return await asked.catch(() => 'failed' as const);
}

/** What each fault looks like to a client, and whether the workload that it was sent is stored. */
const LOOKS: readonly (readonly [name: string, fault: Fault, status: number | 'failed', stored: boolean])[] = [
  ['status', { kind: 'status', status: 503 }, 503, false],
  ['unauthorized', { kind: 'unauthorized' }, 401, false],
  ['throttle', { kind: 'throttle', retryAfter: 7 }, 429, false],
  ['throttleNoHeader', { kind: 'throttleNoHeader' }, 429, false],
  ['html', { kind: 'html', status: 502 }, 502, false],
  ['slow', { kind: 'slow', ms: 5 }, 204, true],
  ['reset', { kind: 'reset' }, 'failed', false],
  ['resetAfterWrite', { kind: 'resetAfterWrite' }, 'failed', true],
  ['half', { kind: 'half' }, 'failed', true],
  ['trickle', { kind: 'trickle', bytesPerSecond: 1000 }, 204, true],
  ['garbage', { kind: 'garbage' }, 200, true],
  ['wrongType', { kind: 'wrongType' }, 200, true],
  ['emptyOk', { kind: 'emptyOk' }, 200, true],
];

test.each(LOOKS)('%s: what the client sees, and whether it was done', async (_name, fault, status, stored) => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  fake.faults.next('workloads.create', fault);
  const got = await tried(client.create('a'));
  expect([got === 'failed' ? got : got.status, fake.workloads.length]).toEqual([status, stored ? 1 : 0]);
  expect(fake.requests.of('workloads.create')[0]).toMatchObject({ fault: fault.kind });
});

test('faults have the bodies and headers that they are told', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  const seen = async (fault: Fault) => {
    fake.faults.next('alerts.list', fault);
    return await client.alerts('GET');
  };
  const status = await seen({ kind: 'status', status: 503, body: { a: 1 }, headers: { 'Retry-After': 'Mon, 02 Mar 2026 08:00:00 GMT' } });
  expect([status.json, status.headers.get('retry-after')]).toEqual([{ a: 1 }, 'Mon, 02 Mar 2026 08:00:00 GMT']);
  expect((await seen({ kind: 'throttle', retryAfter: 7 })).headers.get('retry-after')).toBe('7');
  expect((await seen({ kind: 'throttleNoHeader' })).headers.get('retry-after')).toBe(null);
  const html = await seen({ kind: 'html', status: 500 });
  expect([html.headers.get('content-type'), html.text]).toEqual(['text/html; charset=utf-8', expect.stringContaining('<h1>500</h1>')]);
  expect([
    (await seen({ kind: 'garbage' })).json,
    (await seen({ kind: 'wrongType' })).json,
    (await seen({ kind: 'emptyOk' })).text,
  ]).toEqual([undefined, [], '']);
  const trickle = await seen({ kind: 'trickle', bytesPerSecond: 10_000 });
  expect(trickle.json).toEqual({ items: [], paging: { cursors: {} } });
});

test('half an answer announces its whole length', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  fake.faults.next('alerts.list', { kind: 'half' });
  const { hostname, port } = new URL(fake.url());
  const socket = connect(Number(port), hostname);
  socket.end(`GET /api/alert_manager/v1/alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.token}\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  expect([length, body.length]).toEqual([36, 18]);
});

test('hang never answers, and closing the fake ends it', async () => {
  const fake = await startFake();
  const client = await BareClient.of(fake);
  fake.faults.always('*', { kind: 'hang' });
  const asked = tried(client.create('a'));
  await expect.poll(() => fake.requests.count('workloads.create')).toBe(1);
  await fake[Symbol.asyncDispose]();
  expect(await asked).toBe('failed');
});

test('unauthorized kills the token', async () => {
  await using fake = await startFake();
  const client = await BareClient.of(fake);
  fake.faults.next('alerts.list', { kind: 'unauthorized' });
  expect([(await client.alerts('GET')).status, (await client.alerts('GET')).status]).toEqual([401, 401]);
});

test('tokens without end, short ones, and a clock that is ahead', async () => {
  const clock = new ManualClock(Date.UTC(2026, 2, 2));
  await using fake = await startFake({ clock });
  const token = async (fault: Fault) => {
    fake.faults.next('token', fault);
    const got = await ask(`${fake.url()}/bc/idp/token`, tokenRequest());
    return { json: got.json as { expires_on?: number }, date: got.headers.get('date') };
  };
  expect((await token({ kind: 'noExpiry' })).json.expires_on).toBeUndefined();
  expect((await token({ kind: 'shortToken', seconds: 30 })).json.expires_on).toBe(Date.UTC(2026, 2, 2) / 1000 + 30);
  const skewed = await token({ kind: 'clockSkew', ms: 3_600_000 });
  expect([skewed.date, skewed.json.expires_on]).toEqual(['Mon, 02 Mar 2026 01:00:00 GMT', Date.UTC(2026, 2, 2, 3) / 1000]);
  fake.unsettled.expiresIn = true;
  expect((await ask(`${fake.url()}/bc/idp/token`, tokenRequest())).json).toMatchObject({ expires_in: 7200 });
});

test('keys are changed before they are listed, and by the signer', async () => {
  await using fake = await startFake();
  const kids = async () => ((await ask(fake.keysUrl)).json as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const [first] = await kids();
  fake.faults.next('keys', { kind: 'rotateKeys' });
  const [second, previous] = await kids();
  expect([previous, second === first]).toEqual([first, false]);
  fake.faults.next('signer', { kind: 'rotateKeys' });
  await fake.signer.token('x');
  expect(await kids()).toEqual([expect.any(String), second]);
});

test('a fault strikes one tenant, one data center, so many times, or until it is cleared', async () => {
  await using fake = await startFake({ datacenters: ['eu8', 'us5'] });
  const [here, there] = [await BareClient.of(fake), await BareClient.of(fake, 'us5')];
  const post = async (tenant: string) => (await here.workloads('POST', '', { items: [workload('a', { tenant_id: tenant })] })).status;
  fake.faults.always('*', { kind: 'status', status: 500 }, { tenant: CUSTOMER });
  expect([await post(CUSTOMER), await post(OTHER), await post(CUSTOMER)]).toEqual([500, 204, 500]);
  const raised = await here.alerts('POST', '', alert({ tenantID: OTHER }));
  expect((await here.alerts('DELETE', `/${(raised.json as { id: string }).id}`)).status).toBe(204);
  fake.faults.clear();
  await post(CUSTOMER);
  const id = fake.workloads.find(({ tenantId }) => tenantId === CUSTOMER)?.id ?? '';
  fake.faults.next('*', { kind: 'status', status: 500 }, { tenant: CUSTOMER, times: 2 });
  expect((await here.workloads('PATCH', `/${id}`, { name: 'b' })).status).toBe(500);
  expect((await here.workloads('DELETE', `?workload_id=or(${id},${id})`)).status).toBe(500);
  expect((await here.workloads('PATCH', `/${id}`, { name: 'b' })).status).toBe(204);
  fake.faults.always('alerts.list', { kind: 'status', status: 502 }, { datacenter: 'us5' });
  expect([(await here.alerts('GET')).status, (await there.alerts('GET')).status]).toEqual([200, 502]);
  fake.faults.clear('alerts.list');
  expect((await there.alerts('GET')).status).toBe(200);
});

test('the same seed strikes the same requests', async () => {
  const struck = async () => {
    await using fake = await startFake();
    const client = await BareClient.of(fake);
    fake.faults.random(0.4, 7, { route: 'alerts.list', faults: [{ kind: 'status', status: 500 }] });
    const statuses: number[] = [];
    for (let times = 0; times < 20; times += 1) statuses.push((await client.alerts('GET')).status);
    return statuses;
  };
  const first = await struck();
  expect(await struck()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});

test('a data center is taken down and comes back at the same address', async () => {
  await using fake = await startFake({ datacenters: ['eu8', 'us5'] });
  const [here, there] = [await BareClient.of(fake), await BareClient.of(fake, 'us5')];
  await fake.takeDown('us5');
  expect(await tried(there.alerts('GET'))).toBe('failed');
  expect((await here.alerts('GET')).status).toBe(200);
  await fake.bringUp('us5');
  expect((await there.alerts('GET')).status).toBe(200);
});

test('cyberapp 9.132: what lives in one data center is nobody in the other', async () => {
  await using fake = await startFake({ datacenters: ['eu8', 'us5'] });
  const there = await BareClient.of(fake, 'us5');
  expect((await there.create('a')).status).toBe(403);
  expect(itemsOf(await there.workloads('GET'))).toEqual([]);
  expect(fake.app(APP).isEnabledFor(CUSTOMER, fake.tenants)).toBe(true);
});
