import { silentLog } from '@fairlead/kernel/log';
import { expect, test } from 'vitest';
import type { FakeAcronis, Fault } from '../src/fake/index.ts';
import { type AcronisClass, AcronisClient, type AlertDraft, acronisClass, type WorkloadDraft } from '../src/index.ts';
import { APP, BACKUP, BACKUP_FAILED, CLIENT_ID, CUSTOMER, PARTNER, SECRET, startFake, VM } from './support/fake-world.ts';
import { QuickClock } from './support/upstream.ts';

const UNKNOWN = '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e';
const workload: WorkloadDraft = {
  type: VM,
  name: 'shop-db-1',
  attributes: { fairlead_key: 'cs:1', status: 'ONLINE' },
  tenantId: CUSTOMER,
  enabled: true,
  externalId: 'cs:1',
};
const alert: AlertDraft = {
  type: BACKUP_FAILED,
  category: BACKUP,
  tenantId: CUSTOMER,
  details: { title: 'It failed', description: 'It did.', fields: { Machine: 'shop-db-1' } },
  source: 'fairlead:1',
  sourceTimeStamp: 9_007_199_254_740_993n,
};

/** @param patienceMs real time for an answer */
function clientOf(fake: FakeAcronis, patienceMs = 10_000): AcronisClient {
  return new AcronisClient({
    datacenter: 'eu8',
    url: fake.url(),
    credentials: async () => ({ clientId: CLIENT_ID, clientSecret: SECRET }),
    clock: new QuickClock(),
    log: silentLog(),
    allowPrivate: true,
    requestsPerSecond: 10_000,
    burst: 10_000,
    timeouts: { connectMs: patienceMs, headersMs: patienceMs, bodyMs: patienceMs, callMs: patienceMs },
  });
}

async function all<T>(listed: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of listed) found.push(one);
  return found;
}

test('the client and the fake agree about workloads', async () => {
  await using fake = await startFake();
  await using client = clientOf(fake);
  await client.workloads.create([workload, { ...workload, name: 'b', externalId: 'cs:2' }]);
  const [row, other] = await all(client.workloads.list({ tenantId: CUSTOMER, limit: 1 }));
  expect(row).toMatchObject({
    name: 'shop-db-1',
    attributes: workload.attributes,
    tenantId: CUSTOMER,
    externalId: 'cs:1',
    clientId: CLIENT_ID,
  });
  await client.workloads.update(row?.id ?? '', { name: 'renamed' });
  expect(await all(client.workloads.list({ ids: [row?.id ?? ''], types: [VM] }))).toMatchObject([{ name: 'renamed' }]);
  await client.workloads.remove([row?.id ?? '', other?.id ?? '']);
  expect(fake.workloads).toEqual([]);
  fake.requests.expectOrder('token', 'workloads.create', 'workloads.list', 'workloads.list', 'workloads.update', 'workloads.delete');
  fake.requests.expectNothingUnexpected();
  fake.requests.expectNoSecretInUrl();
});

test('cyberapp 9.145: refused with `external_id`, workloads are sent without, from then on', async () => {
  await using fake = await startFake({ strict: 'reject-unknown' });
  await using client = clientOf(fake);
  await client.workloads.create([workload, { ...workload, externalId: 'cs:2' }]);
  await client.workloads.create([{ ...workload, externalId: 'cs:3' }]);
  expect([fake.workloads.length, client.workloads.sendsExternalId]).toEqual([3, false]);
  fake.requests.expectCount('workloads.create', 3);
});

test('the client and the fake agree about alerts, to the last digit', async () => {
  await using fake = await startFake({ strict: 'reject-unknown' });
  await using client = clientOf(fake);
  const id = await client.alerts.create({ ...alert, resource: { id: UNKNOWN, name: 'shop-db-1' } });
  expect(fake.alerts[0]).toMatchObject({ sourceTimeStamp: 9_007_199_254_740_993n, resourceId: UNKNOWN, severity: 'error' });
  const found = await client.alerts.findBySource('fairlead:1', 9_007_199_254_740_993n);
  expect([found?.id, found?.sourceTimeStamp, found?.tenantUuid]).toEqual([id, '9007199254740993', CUSTOMER]);
  expect(await client.alerts.findBySource('fairlead:1', 9_007_199_254_740_992n)).toBeUndefined();
  expect(await client.alerts.dismiss(id)).toBe('dismissed');
  expect(await client.alerts.dismiss(id)).toBe('gone');
  expect((await client.alerts.get(id))?.deletedAt).toBeDefined();
  expect(await client.alerts.get(UNKNOWN)).toBeUndefined();
  expect(await client.alerts.types()).toContain(BACKUP_FAILED);
  expect(await client.alerts.categories()).toEqual([BACKUP]);
  fake.requests.expectNothingUnexpected();
});

test.each(['top', 'details', 'nowhere'] as const)('an alert finds where its workload may be named: %s', async (resourceMembers) => {
  await using fake = await startFake({ strict: 'reject-unknown', resourceMembers });
  await using client = clientOf(fake);
  const wish = { ...alert, resource: { id: UNKNOWN, name: 'shop-db-1' } };
  await client.alerts.create(wish);
  await client.alerts.create(wish);
  const tries = { top: 1, details: 2, nowhere: 3 }[resourceMembers];
  fake.requests.expectCount('alerts.create', tries + 1);
  expect(fake.alerts.map(({ resourceId }) => resourceId)).toEqual(Array(2).fill(resourceMembers === 'nowhere' ? undefined : UNKNOWN));
});

test('the client and the fake agree about tenants', async () => {
  await using fake = await startFake();
  await using client = clientOf(fake);
  expect(await client.accounts.ownTenantId()).toBe(PARTNER);
  expect(await client.accounts.tenant(CUSTOMER)).toMatchObject({ kind: 'customer', enabled: true, deleted: false, parentId: PARTNER });
  expect(await client.accounts.tenant(UNKNOWN)).toBeUndefined();
  expect(await client.accounts.tenants([CUSTOMER, UNKNOWN])).toMatchObject([{ id: CUSTOMER }]);
  fake.requests.expectNothingUnexpected();
});

type Method = (client: AcronisClient) => Promise<unknown>;

/** Every method; `answer` says whether it waits for JSON or for nothing. */
const METHODS: Readonly<Record<string, { readonly run: Method; readonly answer: 'json' | 'nothing' }>> = {
  'alerts.create': { run: (client) => client.alerts.create(alert), answer: 'json' },
  'alerts.list': { run: (client) => all(client.alerts.list({})), answer: 'json' },
  'alerts.get': { run: (client) => client.alerts.get(UNKNOWN), answer: 'json' },
  'alerts.dismiss': { run: (client) => client.alerts.dismiss(UNKNOWN), answer: 'nothing' },
  'alerts.types': { run: (client) => client.alerts.types(), answer: 'json' },
  'alerts.categories': { run: (client) => client.alerts.categories(), answer: 'json' },
  'workloads.create': { run: (client) => client.workloads.create([workload]), answer: 'nothing' },
  'workloads.list': { run: (client) => all(client.workloads.list({ tenantId: CUSTOMER })), answer: 'json' },
  'workloads.update': { run: (client) => client.workloads.update(UNKNOWN, { name: 'x' }), answer: 'nothing' },
  'workloads.delete': { run: (client) => client.workloads.remove([UNKNOWN]), answer: 'nothing' },
  'accounts.client': { run: (client) => client.accounts.ownTenantId(), answer: 'json' },
  'accounts.tenants': { run: (client) => client.accounts.tenants([CUSTOMER]), answer: 'json' },
  'accounts.tenant': { run: (client) => client.accounts.tenant(CUSTOMER), answer: 'json' },
};

type Expected = AcronisClass | { readonly json: AcronisClass; readonly nothing: AcronisClass | 'as without' };

const FAULTS: readonly (readonly [name: string, fault: Fault, expected: Expected])[] = [
  ['400', { kind: 'status', status: 400 }, 'refused'],
  ['403', { kind: 'status', status: 403 }, 'forbidden'],
  ['413', { kind: 'status', status: 413 }, 'too_large'],
  ['500', { kind: 'status', status: 500 }, 'server'],
  ['a redirect', { kind: 'status', status: 302, headers: { location: 'https://example.com' } }, 'protocol'],
  ['unauthorized', { kind: 'unauthorized' }, 'token'],
  ['throttle', { kind: 'throttle', retryAfter: 7 }, 'throttled'],
  ['throttleNoHeader', { kind: 'throttleNoHeader' }, 'throttled'],
  ['html', { kind: 'html', status: 502 }, 'server'],
  ['html as success', { kind: 'html', status: 200 }, 'protocol'],
  ['hang', { kind: 'hang' }, 'ambiguous'],
  ['reset', { kind: 'reset' }, 'ambiguous'],
  ['resetAfterWrite', { kind: 'resetAfterWrite' }, 'ambiguous'],
  ['half', { kind: 'half' }, 'ambiguous'],
  ['garbage', { kind: 'garbage' }, 'protocol'],
  ['wrongType', { kind: 'wrongType' }, 'protocol'],
  ['emptyOk', { kind: 'emptyOk' }, { json: 'protocol', nothing: 'as without' }],
];

test.each(FAULTS)('cyberapp 9.172: %s has its class in every method, and nothing hangs or leaks', async (_name, fault, expected) => {
  await using fake = await startFake();
  const seen: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  for (const [route, { run, answer }] of Object.entries(METHODS)) {
    fake.faults.clear();
    fake.faults.always(route as keyof typeof METHODS as 'alerts.list', fault);
    await using client = clientOf(fake, fault.kind === 'hang' ? 100 : undefined);
    const outcome = await run(client).then(
      () => 'as without',
      (error: unknown) => acronisClass(error) ?? String(error),
    );
    seen[route] = outcome;
    wanted[route] = typeof expected === 'string' ? expected : expected[answer];
  }
  expect(seen).toEqual(wanted);
  await expect.poll(() => fake.connectionCount()).toBe(0);
});

test.each<[string, Fault]>([
  ['slow', { kind: 'slow', ms: 5 }],
  ['trickle', { kind: 'trickle', bytesPerSecond: 5000 }],
  ['unauthorized once', { kind: 'unauthorized' }],
  ['a clock ahead', { kind: 'clockSkew', ms: 3_600_000 }],
])('cyberapp 9.172: %s is borne', async (_name, fault) => {
  await using fake = await startFake();
  await using client = clientOf(fake);
  for (const route of ['alerts.create', 'workloads.create', 'workloads.list'] as const) {
    fake.faults.next(route, fault);
    await METHODS[route]?.run(client);
  }
  expect([fake.alerts.length, fake.workloads.length]).toEqual([1, 1]);
});

test('cyberapp 9.172: faults of the token endpoint', async () => {
  await using fake = await startFake();
  const outcome = async (fault: Fault) => {
    fake.faults.always('token', fault);
    await using client = clientOf(fake, fault.kind === 'hang' ? 100 : undefined);
    const found = await client.authenticate().then(
      () => 'ok',
      (error: unknown) => acronisClass(error),
    );
    fake.faults.clear();
    return found;
  };
  expect(await outcome({ kind: 'noExpiry' })).toBe('ok');
  expect(await outcome({ kind: 'shortToken', seconds: 30 })).toBe('ok');
  expect(await outcome({ kind: 'html', status: 401 })).toBe('token');
  expect(await outcome({ kind: 'garbage' })).toBe('protocol');
  expect(await outcome({ kind: 'hang' })).toBe('ambiguous');
  expect(await outcome({ kind: 'throttle', retryAfter: 5 })).toBe('throttled');
});

test('cyberapp 9.147: 250 rows, one that vanishes and two that repeat: all that are there are listed once', async () => {
  await using fake = await startFake();
  await using client = clientOf(fake);
  const [first, ...others] = Array.from({ length: 250 }, (_, index) => ({ ...workload, name: `vm-${index}`, externalId: `cs:${index}` }));
  if (first !== undefined) await client.workloads.create([first, ...others]);
  fake.faults.next('workloads.list', { kind: 'losePages', rows: 2 });
  const listed = await all(client.workloads.list({ tenantId: CUSTOMER }));
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  expect(fake.workloads.every(({ id }) => listed.some((one) => one.id === id))).toBe(true);
  expect(fake.workloads).toHaveLength(249);
});

test('cyberapp 9.130: what one tenant lets hang does not hold up another', async () => {
  await using fake = await startFake();
  await using client = clientOf(fake, 1000);
  fake.app(APP).enable(PARTNER);
  fake.faults.always('*', { kind: 'hang' }, { tenant: CUSTOMER });
  const hung = client.alerts.create(alert).catch((error: unknown) => acronisClass(error));
  const other = fake.tenants.all.find(({ kind, id }) => kind === 'customer' && id !== CUSTOMER)?.id ?? '';
  await client.alerts.create({ ...alert, tenantId: other });
  expect(fake.alerts).toHaveLength(1);
  expect(await hung).toBe('ambiguous');
});
