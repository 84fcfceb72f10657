import { FakeOvh } from '@fairlead/ovh/fake';
import { expect, test } from 'vitest';
import { accountLines, startGateway } from './support/gateway.ts';

const SMALL = { servers: 3, vps: 2, projects: 1, instances: 2, domains: 1, ips: 1, vracks: 0 };
const HOUR_MS = 3_600_000;

test('what an account runs is told with whose it is, sizes in bytes and times in UTC', async () => {
  await using fake = await FakeOvh.start(SMALL);
  const [[name, server]] = [...fake.state.servers] as [[string, never]];
  Object.assign((server as { server: object }).server, {
    ...{
      state: 'ok',
      powerState: 'poweron',
      os: 'debian12_64',
      reverse: 'web1.example.com.',
      ip: '192.0.2.10',
      datacenter: 'gra3',
      rack: 'G301A01',
    },
    iam: { id: 'x', urn: `urn:v1:eu:resource:dedicatedServer:${name}`, displayName: 'web1', tags: { env: 'prod' } },
  });
  Object.assign((server as { serviceInfos: object }).serviceInfos, { status: 'ok', expiration: '2027-03-01', creation: '2024-03-01' });
  await using gateway = await startGateway({ config: accountLines('main', fake) });

  expect(await gateway.list()).toEqual({ complete: false, reason: 'main: it has not been read yet', items: [] });
  await gateway.refresh();
  const listed = await gateway.list();

  expect(listed).toMatchObject({ complete: true });
  expect(listed).not.toHaveProperty('reason');
  const kinds = new Set(listed.items.map((item) => item.kind));
  expect([...kinds].toSorted()).toEqual(['bare_metal', 'cloud_instance', 'domain', 'ip', 'vps']);
  const item = listed.items.find((one) => one.attributes.provider_id === name);
  expect(item).toMatchObject({
    key: `urn:v1:eu:resource:dedicatedServer:${name}`,
    kind: 'bare_metal',
    name: 'web1',
    owner: [
      { kind: 'service', selector: `main/${name}` },
      { kind: 'tag', selector: 'env=prod' },
      { kind: 'account', selector: 'main' },
    ],
    attributes: {
      status: 'ONLINE',
      hostname: 'web1.example.com',
      ip_address: '192.0.2.10',
      os: 'debian12_64',
      datacenter: 'gra3',
      rack: 'G301A01',
      service_status: 'ok',
      service_expires: '2027-03-01T00:00:00.000Z',
      account: 'main',
    },
  });
  expect(Number(item?.attributes.memory_bytes) % 2 ** 20).toBe(0);
  expect(Number(item?.attributes.disk_bytes) % 10 ** 9).toBe(0);
  for (const { attributes } of listed.items) expect(Object.values(attributes)).not.toContain(undefined);
});

test('tasks, interventions, blocks and the day of expiry are facts, and since when they are so', async () => {
  await using fake = await FakeOvh.start(SMALL);
  const names = [...fake.state.servers.keys()];
  const server = fake.state.servers.get(names[0] ?? '');
  const key = `urn:v1:eu:resource:dedicatedServer:${names[0]}`;
  server?.tasks.clear();
  server?.tasks.set(4711, { taskId: 4711, function: 'reinstallServer', status: 'doing', startDate: null, comment: null });
  Object.assign(server?.serviceInfos ?? {}, { status: 'unPaid', expiration: '2027-03-01' });
  Object.assign(server?.server ?? {}, { state: 'hackedBlocked', monitoring: true });
  await using gateway = await startGateway({ config: accountLines('main', fake) });

  await gateway.refresh();
  const of = async () => (await gateway.conditions()).facts.filter((fact) => fact.key === key);
  const first = await of();
  expect(first).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: 'state', value: 'blocked' }),
      expect.objectContaining({ code: 'blocked', value: 'hackedBlocked' }),
      expect.objectContaining({ code: 'monitoring', value: true }),
      expect.objectContaining({ code: 'task_open', value: '4711', detail: { status: 'doing', function: 'reinstallServer' } }),
      expect.objectContaining({ code: 'service_expires', value: '2027-03-01' }),
      expect.objectContaining({ code: 'service_status', value: 'unPaid' }),
    ]),
  );

  Object.assign(server?.server ?? {}, { state: 'ok', powerState: 'poweron' });
  server?.tasks.clear();
  gateway.clock.advance(HOUR_MS);
  await gateway.refresh();
  const second = await of();
  expect(second.map((fact) => fact.code)).not.toContain('blocked');
  expect(second.map((fact) => fact.code)).not.toContain('task_open');
  const since = (facts: typeof first, code: string) => facts.find((fact) => fact.code === code)?.since;
  expect(since(second, 'service_status')).toBe(since(first, 'service_status'));
  expect(Number(since(second, 'state')) - Number(since(first, 'state'))).toBeGreaterThanOrEqual(HOUR_MS);
});

test('what is gone goes, but only when the list was read; what could not be read stays as it was', async () => {
  await using fake = await FakeOvh.start(SMALL);
  await using gateway = await startGateway({ config: accountLines('main', fake) });
  await gateway.refresh();
  const before = await gateway.list();
  const [gone = '', other = ''] = fake.state.servers.keys();

  fake.state.servers.delete(gone);
  fake.faults.next('GET /dedicated/server', { kind: 'status', status: 400 }, Number.POSITIVE_INFINITY);
  fake.faults.next('GET /v2/iam/resource', { kind: 'status', status: 400 }, Number.POSITIVE_INFINITY);
  fake.faults.next(`GET /dedicated/server/${other}/specifications/hardware`, { kind: 'status', status: 400 }, Number.POSITIVE_INFINITY);
  gateway.clock.advance(HOUR_MS);
  await gateway.refresh();
  const partial = await gateway.list();
  expect(partial.complete).toBe(false);
  expect(partial.reason).toContain('GET /dedicated/server');
  expect(partial.items).toEqual(before.items);

  fake.faults.clear('GET /dedicated/server');
  fake.faults.clear('GET /v2/iam/resource');
  gateway.clock.advance(HOUR_MS);
  await gateway.refresh();
  const lacking = await gateway.list();
  expect(lacking.complete).toBe(false);
  expect(lacking.reason).toContain('/specifications/hardware');
  expect(lacking.items).toEqual(before.items.filter((item) => item.attributes.provider_id !== gone));

  fake.faults.clear();
  gateway.clock.advance(HOUR_MS);
  await gateway.refresh();
  expect(await gateway.list()).toEqual({ complete: true, items: lacking.items });
});

test('the key of an item stays when a URN appears later, also when the thing was away in between', async () => {
  await using fake = await FakeOvh.start({ ...SMALL, servers: 1 });
  const [[name, server]] = [...fake.state.servers] as unknown as [[string, { server: { iam: unknown } }]];
  const { iam } = server.server;
  server.server.iam = null;
  fake.faults.next('GET /v2/iam/resource', { kind: 'status', status: 403 }, Number.POSITIVE_INFINITY);
  await using gateway = await startGateway({ config: accountLines('main', fake) });
  const keyOf = async () => (await gateway.list()).items.find((item) => item.attributes.provider_id === name)?.key;
  const again = async () => {
    gateway.clock.advance(HOUR_MS);
    await gateway.refresh();
  };

  await gateway.refresh();
  const first = await keyOf();
  expect(first).toBe(`ovh:${fake.apiUrl}:baremetal:${name}`);

  server.server.iam = iam;
  fake.faults.clear();
  await again();
  expect(await keyOf()).toBe(first);

  fake.state.servers.delete(name);
  await again();
  expect(await keyOf()).toBeUndefined();
  fake.state.servers.set(name, server as never);
  await again();
  expect(await keyOf()).toBe(first);
});

test('one account at OVHcloud under two names is one machine with the selectors of both', async () => {
  await using fake = await FakeOvh.start(SMALL);
  await using gateway = await startGateway({ config: accountLines('one', fake) + accountLines('two', fake) });
  await gateway.refresh();
  const { items } = await gateway.list();
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
  const owners = items[0]?.owner.filter(({ kind }) => kind === 'account').map(({ selector }) => selector);
  expect(owners).toEqual(['one', 'two']);
});

test('an account may be read for some kinds alone, and is complete with them', async () => {
  await using fake = await FakeOvh.start(SMALL);
  await using gateway = await startGateway({ config: accountLines('main', fake, ['kinds = vps']) });
  await gateway.refresh();
  const { complete, items } = await gateway.list();
  expect(complete).toBe(true);
  expect(new Set(items.map((item) => item.kind))).toEqual(new Set(['vps']));
  expect(fake.log.some(({ target }) => target.startsWith('/1.0/domain'))).toBe(false);
});
