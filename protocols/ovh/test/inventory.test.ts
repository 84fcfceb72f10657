import { expect, test } from 'vitest';
import type { Row } from '../src/fake/index.ts';
import { ConfigurationError } from '../src/index.ts';
import { type InventoryProgress, readInventory } from '../src/inventory/index.ts';
import { clientAt, firstServer, NO_ROUTE, namesIn, namesOf, recordOf, SMALL } from './support/inventory.ts';
import { failureOf, oauth2Of, world } from './support/world.ts';

test('everything that the account has is in the inventory, by kind and then by name', async () => {
  await using api = await world({}, { servers: 7, vps: 4, projects: 2, instances: 3, domains: 4, ips: 3 });
  const inventory = await readInventory(api.client);
  expect(namesOf(inventory)).toEqual(namesIn(api.fake));
  expect([...new Set(inventory.records.map(({ kind }) => kind))]).toEqual(['baremetal', 'vps', 'cloud-instance', 'domain', 'ip']);
  expect(inventory).toMatchObject({ complete: true, account: 'ab12345-ovh', endpoint: api.fake.apiUrl, errors: [], missingRules: [] });
  expect(new Set(inventory.records.map(({ id }) => id)).size).toBe(inventory.records.length);
});

test('a dedicated server: all that its routes tell of it', async () => {
  await using api = await world({}, SMALL);
  const { name, server } = firstServer(api);
  Object.assign(server.server, { reverse: 'web1.example.com.', state: 'ok', powerState: 'poweron', os: 'debian12_64', ip: '198.18.0.10' });
  Object.assign(server.server, {
    iam: { id: 'x', urn: `urn:v1:eu:resource:dedicatedServer:${name}`, displayName: 'web1', tags: { env: 'prod' } },
  });
  Object.assign(server.serviceInfos, { serviceId: 77, expiration: '2026-12-01', engagedUpTo: '2027-01-31', creation: '2024-03-01' });
  Object.assign(server.hardware, { numberOfProcessors: 2, coresPerProcessor: 8, threadsPerProcessor: 16 });
  server.nics.set('0C:C4:7A:00:00:01', { mac: '0C:C4:7A:00:00:01', linkType: 'private', virtualNetworkInterface: null });
  const now = Date.parse('2026-11-20T10:00:00Z');
  const record = recordOf(await readInventory(api.client, { clock: { now: () => now } }), name);
  expect(record).toMatchObject({
    id: `urn:v1:eu:resource:dedicatedServer:${name}`,
    provider: 'ovh',
    account: 'ab12345-ovh',
    kind: 'baremetal',
    displayName: 'web1',
    hostname: 'web1.example.com',
    model: server.hardware.description,
    state: 'running',
    rawState: 'ok/poweron',
    open: [],
    location: { datacenter: server.server.datacenter, rack: server.server.rack, region: server.server.region },
    ips: [
      { address: '198.18.0.10', version: 4, kind: 'primary' },
      { address: '2001:db8:1::/64', version: 6, kind: 'additional' },
    ],
    hardware: { cpu: { name: server.hardware.processorName, cores: 16, threads: 32, count: 2 }, memoryMiB: 65_536 },
    os: 'debian12_64',
    tags: { env: 'prod' },
    service: { id: 77, status: 'ok', created: '2024-03-01', expires: '2026-12-01', engagedUpTo: '2027-01-31' },
    fetchedAt: '2026-11-20T10:00:00.000Z',
    errors: [],
  });
  expect(record.macs?.[0]).toBe([...server.nics.values()].find(({ linkType }) => linkType === 'public')?.mac);
  expect(record.macs).toHaveLength(new Set([...server.nics.keys()].map((mac) => mac.toLowerCase())).size);
});

test('tasks that are not over and interventions to come are open work; what is over is not', async () => {
  await using api = await world({}, SMALL);
  const { name, server } = firstServer(api);
  const task = (taskId: number, status: string): Row => ({
    taskId,
    function: 'reinstallServer',
    status,
    startDate: '2031-01-01T10:00:00+01:00',
  });
  server.tasks.clear();
  for (const [at, status] of ['init', 'todo', 'doing', 'done', 'cancelled', 'customerError', 'ovhError'].entries()) {
    server.tasks.set(at + 1, task(at + 1, status));
  }
  server.interventions.set(8, { interventionId: 8, type: 'hardwareReplacement', date: '2031-02-03T04:05:06+00:00' });
  server.interventions.set(9, { interventionId: 9, type: 'hardwareReplacement', date: '2020-02-03T04:05:06+00:00' });
  const planned = {
    kind: 'intervention',
    id: '8',
    status: 'planned',
    function: 'hardwareReplacement',
    planned: '2031-02-03T04:05:06.000Z',
  };
  const expected = [
    { kind: 'task', id: '1', status: 'init', function: 'reinstallServer', planned: '2031-01-01T09:00:00.000Z' },
    { kind: 'task', id: '2', status: 'todo', function: 'reinstallServer', planned: '2031-01-01T09:00:00.000Z' },
    { kind: 'task', id: '3', status: 'doing', function: 'reinstallServer' },
    planned,
  ];
  expect(recordOf(await readInventory(api.client), name).open).toEqual(expected);
  api.fake.faults.next('/dedicated/server/*/plannedIntervention', NO_ROUTE, Number.POSITIVE_INFINITY);
  expect(recordOf(await readInventory(api.client), name)).toMatchObject({ open: expected, errors: [] });
});

test('a VPS, an instance, a domain and a block', async () => {
  await using api = await world({}, SMALL);
  const { vps, projects, domains, ips } = api.fake.state;
  const [[vpsName, { vps: row, image }] = ['', { vps: {} as Row, image: {} as Row }]] = vps;
  Object.assign(row, { state: 'upgrading', displayName: 'edge1', zone: 'Region OpenStack: os-gra7' });
  const [[projectId, { instances, flavors }] = ['', { instances: new Map<string, Row>(), flavors: new Map<string, Row>() }]] = projects;
  const [[instanceId, instance] = ['', {} as Row]] = instances;
  const { addresses, ...rest } = instance;
  instances.set(instanceId, { ...rest, status: 'SHUTOFF', ipAddresses: addresses ?? null });
  const [[domainName, { domain }] = ['', { domain: {} }]] = domains;
  Object.assign(domain, { state: 'ok', suspensionState: 'suspended' });
  ips.set('192.0.2.0/28', { ...ips.get('192.0.2.0/28'), routedTo: null });
  const inventory = await readInventory(api.client);
  expect(recordOf(inventory, vpsName)).toMatchObject({
    displayName: 'edge1',
    state: 'transition',
    rawState: 'upgrading',
    location: { datacenter: 'os-gra7', zone: 'os-gra7', country: 'fr' },
    os: image.name,
    hardware: { cpu: { cores: row.vcore }, memoryMiB: row.memoryLimit },
    service: { status: expect.any(String), expires: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) },
  });
  const flavor = flavors.get(String(instance.flavorId));
  expect(recordOf(inventory, instanceId)).toMatchObject({
    id: `ovh:${api.fake.apiUrl}:cloud-instance:${instanceId}`,
    displayName: instance.name,
    state: 'stopped',
    rawState: 'SHUTOFF',
    model: flavor?.name,
    hardware: { cpu: { cores: flavor?.vcpus }, memoryMiB: Number(flavor?.ram) * 1024 },
    ips: [{ kind: 'public', version: 4 }, { kind: 'private' }],
    project: { id: projectId, name: 'prod' },
  });
  expect(recordOf(inventory, domainName)).toMatchObject({ state: 'blocked', rawState: 'ok', model: 'gold' });
  expect(recordOf(inventory, '192.0.2.0/28')).toMatchObject({ state: 'stopped', rawState: 'parked', model: 'failover' });
  const { name, server } = firstServer(api);
  expect(recordOf(inventory, `${String(server.server.ip)}/32`)).toMatchObject({ state: 'running', routedTo: name });
});

test('minimal: one paginated call tells names, URNs and tags', async () => {
  await using api = await world({}, { servers: 600, vps: 3, domains: 2, ips: 2, projects: 1 });
  const inventory = await readInventory(api.client, { minimal: true });
  expect(api.calls().every((call) => call.startsWith('GET /v2/iam/resource?'))).toBe(true);
  expect(api.calls()).toHaveLength(2);
  const { name, server } = firstServer(api);
  const { urn, displayName, tags } = server.server.iam as Row;
  expect(recordOf(inventory, name)).toMatchObject({ id: urn, displayName, tags, state: 'unknown', rawState: '', account: 'ab12345-ovh' });
  expect(inventory.records.filter(({ kind }) => kind === 'baremetal')).toHaveLength(600);
  expect(inventory.complete).toBe(true);
});

test.each(['kimsufi-eu', 'soyoustart-ca'])('%s has no v2 and few products: no call of v2, and no error', async (name) => {
  await using api = await world({}, SMALL);
  for (const path of ['/vps', '/cloud/project', '/domain', '/dedicated/server/*/plannedIntervention']) {
    api.fake.faults.next(path, NO_ROUTE, Number.POSITIVE_INFINITY);
  }
  const { name: serverName, server } = firstServer(api);
  delete server.server.iam;
  const inventory = await readInventory(clientAt(api, name, false));
  expect(api.calls().filter((call) => call.includes('/v2/'))).toEqual([]);
  expect([inventory.complete, inventory.errors]).toEqual([true, []]);
  expect(recordOf(inventory, serverName)).toMatchObject({ id: `ovh:${name}:baremetal:${serverName}`, endpoint: name });
  expect(inventory.records.filter(({ kind }) => kind === 'baremetal')).toHaveLength(SMALL.servers);
  const minimal = await readInventory(clientAt(api, name, false), { minimal: true });
  expect(namesOf(minimal)).toEqual(namesOf(inventory));
});

test('what the object itself says of IAM counts; the list of IAM fills what it leaves out', async () => {
  await using api = await world({}, SMALL);
  const [[name, { vps }] = ['', { vps: {} as Row }]] = api.fake.state.vps;
  const iam = vps.iam as Row;
  const before = await readInventory(api.client, { kinds: ['vps'] });
  expect(recordOf(before, name)).toMatchObject({ id: iam.urn, tags: iam.tags });
  api.fake.faults.next('/v2/iam/resource', { kind: 'body', body: JSON.stringify([{ ...iam, name, type: 'vps', tags: { from: 'list' } }]) });
  api.fake.faults.next(`/vps/${name}`, { kind: 'body', body: JSON.stringify({ ...vps, iam: null }) });
  expect(recordOf(await readInventory(api.client, { kinds: ['vps'] }), name)).toMatchObject({ id: iam.urn, tags: { from: 'list' } });
});

test('kinds are what is asked for, the account is as the caller calls it, and progress is told', async () => {
  await using api = await world({}, SMALL);
  const told: InventoryProgress[] = [];
  const inventory = await readInventory(api.client, { kinds: ['ip', 'vps'], account: 'work', onProgress: (at) => told.push(at) });
  expect([...new Set(inventory.records.map(({ kind, account }) => `${kind} of ${account}`))]).toEqual(['vps of work', 'ip of work']);
  expect(api.calls().filter((call) => /dedicated|domain|cloud|\/me/.test(call))).toEqual([]);
  expect(told.filter(({ kind }) => kind === 'vps')).toEqual([{ kind: 'vps', done: 1, total: 1 }]);
  const blocks = api.fake.state.ips.size;
  expect(told.filter(({ kind }) => kind === 'ip').map(({ done }) => done)).toEqual(Array.from({ length: blocks }, (_, at) => at + 1));
});

test('a kind that there is not, and a concurrency that lets nothing through, are told before anything is asked', async () => {
  await using api = await world({}, SMALL);
  const strange = ['server'] as unknown as ['baremetal'];
  expect(await failureOf(readInventory(api.client, { kinds: strange }))).toBeInstanceOf(ConfigurationError);
  expect(await failureOf(readInventory(api.client, { concurrency: 0 }))).toBeInstanceOf(ConfigurationError);
  expect(api.calls()).toEqual([]);
});

test('no more calls at once than told', async () => {
  await using api = await world({ concurrency: 50 }, { ...SMALL, servers: 20 });
  let [now, most] = [0, 0];
  const client = clientAt(api, 'x', true);
  const counted: typeof client = {
    ...client,
    request: (method, path, options) => {
      now += 1;
      most = Math.max(most, now);
      const pending = client.request<never>(method, path, options);
      pending.then(
        () => (now -= 1),
        () => (now -= 1),
      );
      return pending;
    },
  };
  await readInventory(counted, { concurrency: 3 });
  expect(most).toBe(3);
});

test('a service account reads the same', async () => {
  await using api = await world({}, SMALL);
  const inventory = await readInventory(api.another(oauth2Of(api.fake)));
  expect(namesOf(inventory)).toEqual(namesIn(api.fake));
});
