import { expect, test } from 'vitest';
import type { Fault, Row } from '../src/fake/index.ts';
import { INVENTORY_RULES, readInventory } from '../src/inventory/index.ts';
import { firstServer, NO_ROUTE, namesIn, namesOf, recordOf, SMALL } from './support/inventory.ts';
import { clientOf, failureOf, smallServer, world } from './support/world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const DOWN: Fault = { kind: 'status', status: 503 };
test('14.6: of 500 servers not one is missing when a tenth of all calls fails, and they are whole and in order', async () => {
  await using api = await world({ concurrency: 20, retry: { maxAttempts: 9 } }, { servers: 500, vps: 10 });
  api.fake.faults.sometimes('*', 0.1, { kind: 'status', status: 429, retryAfter: 1 }, DOWN, { kind: 'status', status: 500 });
  const inventory = await readInventory(api.client, { kinds: ['baremetal', 'vps'], concurrency: 20 });
  const { servers, vps } = api.fake.state;
  expect(namesOf(inventory)).toEqual([...[...servers.keys()].sort(), ...[...vps.keys()].sort()]);
  expect([inventory.complete, inventory.errors, inventory.records.flatMap(({ errors }) => errors)]).toEqual([true, [], []]);
  for (const [name, { server, serviceInfos, nics, hardware }] of servers) {
    const record = recordOf(inventory, name);
    expect([record.service?.id, record.macs, record.location?.rack]).toEqual([serviceInfos.serviceId, [...nics.keys()], server.rack]);
    expect(record.model).toBe(hardware.description);
  }
  expect(api.slept.length).toBeGreaterThan(100);
}, 60_000);

test('where retries do not help, the record stays and says which of its calls failed', async () => {
  await using api = await world({ retry: { maxAttempts: 2 } }, { ...SMALL, servers: 3 });
  const { name, server } = firstServer(api);
  api.fake.faults.next(
    `/dedicated/server/${name}/serviceInfos`,
    { ...DOWN, class: 'Server::Unavailable', message: 'come back later' },
    ALWAYS,
  );
  api.fake.faults.next(`/dedicated/server/${name}/ips`, { kind: 'reset' }, ALWAYS);
  const inventory = await readInventory(api.client, { kinds: ['baremetal'] });
  expect(namesOf(inventory)).toEqual([...api.fake.state.servers.keys()].sort());
  const { service, ips, errors, state, hardware } = recordOf(inventory, name);
  expect([inventory.complete, inventory.errors, service, state === 'unknown', hardware === undefined]).toEqual([
    false,
    [],
    undefined,
    false,
    false,
  ]);
  expect(ips).toEqual([{ address: server.server.ip, version: 4, kind: 'primary' }]);
  expect(errors).toEqual([
    { route: 'GET /dedicated/server/{serviceName}/ips', status: 0, code: 'OVH_NETWORK', message: expect.any(String) },
    {
      route: 'GET /dedicated/server/{serviceName}/serviceInfos',
      status: 503,
      code: 'OVH_SERVER_UNAVAILABLE',
      class: 'Server::Unavailable',
      queryId: expect.stringMatching(/^SIM\.ext-1\./),
      message: 'come back later',
    },
  ]);
  expect(inventory.records.filter((record) => record.errors.length > 0)).toHaveLength(1);
});

test('a server whose own answer fails keeps its name, what IAM knows of it, and the rest', async () => {
  await using api = await world({ retry: false }, SMALL);
  const { name, server } = firstServer(api);
  const iam = server.server.iam as Row;
  api.fake.faults.next(`/dedicated/server/${name}`, { kind: 'html', status: 502 }, ALWAYS);
  const record = recordOf(await readInventory(api.client, { kinds: ['baremetal'] }), name);
  expect(record).toMatchObject({ id: iam.urn, displayName: iam.displayName, tags: iam.tags, state: 'unknown', rawState: '' });
  expect(record).toMatchObject({ hardware: { memoryMiB: expect.any(Number) }, service: { status: expect.any(String) } });
  expect(record.errors).toMatchObject([{ route: 'GET /dedicated/server/{serviceName}', status: 502, code: 'OVH_SERVER_UNAVAILABLE' }]);
});

test('a server that is listed and has no route of its own is no whole record', async () => {
  await using api = await world({ retry: false }, SMALL);
  const { name } = firstServer(api);
  api.fake.faults.next(`/dedicated/server/${name}`, NO_ROUTE);
  const record = recordOf(await readInventory(api.client, { kinds: ['baremetal'] }), name);
  expect(record.errors).toMatchObject([{ route: 'GET /dedicated/server/{serviceName}', status: 404, code: 'OVH_ROUTE_NOT_FOUND' }]);
});

test('every call below the lists fails: every name is there still', async () => {
  await using api = await world({ retry: false }, SMALL);
  for (const path of ['/dedicated/server/*', '/vps/*', '/domain/*', '/ip/*'])
    api.fake.faults.next(path, { kind: 'status', status: 500 }, ALWAYS);
  const inventory = await readInventory(api.client);
  expect(namesOf(inventory)).toEqual(namesIn(api.fake));
  expect(inventory.records.filter(({ kind, errors }) => kind !== 'cloud-instance' && errors.length === 0)).toEqual([]);
});

test('a list that fails makes the inventory incomplete; its names come from IAM, and the other kinds are there', async () => {
  await using api = await world({ retry: false }, SMALL);
  api.fake.faults.next('/dedicated/server', DOWN, ALWAYS);
  const inventory = await readInventory(api.client);
  expect(namesOf(inventory)).toEqual(namesIn(api.fake));
  expect(inventory).toMatchObject({ complete: false, errors: [{ route: 'GET /dedicated/server', status: 503 }] });
  api.fake.faults.next('/v2/iam/resource', DOWN, ALWAYS);
  const without = await readInventory(api.client);
  expect(without.errors.map(({ route }) => route)).toEqual(['GET /dedicated/server', 'GET /v2/iam/resource']);
  expect(namesOf(without)).toEqual(namesIn(api.fake).filter((name) => !api.fake.state.servers.has(name)));
  const { vps } = api.fake.state;
  expect(recordOf(without, [...vps.keys()][0] ?? '').id).toMatch(/^urn:v1:eu:resource:vps:/);
});

test('rank 25: one region that does not answer costs its instances alone', async () => {
  await using api = await world({ retry: false }, { ...SMALL, instances: 30 });
  const [{ instances }] = api.fake.state.projects.values() as unknown as [{ instances: Map<string, Row> }];
  const inRegion = [...instances.values()].filter(({ region }) => region === 'GRA11').length;
  expect(inRegion).toBeGreaterThan(0);
  api.fake.faults.next('/cloud/project/*/instance', { kind: 'status', status: 500 });
  const healed = await readInventory(api.client, { kinds: ['cloud-instance'] });
  expect([healed.complete, healed.records.length]).toEqual([true, 30]);
  const client = api.another({ retry: false });
  const asIs = client.request.bind(client);
  const oneDown: typeof asIs = (method, path, options) => {
    const region = options?.query?.region;
    return path.endsWith('/instance') && (region === undefined || region === 'GRA11')
      ? asIs(method, '/nowhere/at/all')
      : asIs(method, path, options);
  };
  api.fake.faults.next('/nowhere/*', { kind: 'status', status: 500, message: 'region is down' }, ALWAYS);
  const partial = await readInventory({ endpoint: client.endpoint, request: oneDown }, { kinds: ['cloud-instance'] });
  expect(partial.records).toHaveLength(30 - inRegion);
  expect(partial.errors).toMatchObject([
    { route: 'GET /cloud/project/{serviceName}/instance', status: 500, message: 'region is down (region GRA11)' },
  ]);
});

test('flavors that cannot be read cost the sizes of instances', async () => {
  await using api = await world({ retry: false }, SMALL);
  api.fake.faults.next('/cloud/project/*/flavor', DOWN, ALWAYS);
  const { records, errors } = await readInventory(api.client, { kinds: ['cloud-instance'] });
  expect([records.length, errors]).toEqual([SMALL.instances, []]);
  for (const record of records) {
    expect(record).toMatchObject({ model: expect.stringMatching(/^b3-/), errors: [{ route: 'GET /cloud/project/{serviceName}/flavor' }] });
    expect(record).not.toHaveProperty('hardware');
  }
});

test('a key that may not do everything: what it may is there, and each missing rule is named once', async () => {
  await using api = await world({}, { ...SMALL, servers: 4 });
  const rules = ['/me', '/dedicated/server', '/vps', '/vps/*', '/v2/iam/resource'].map((path) => ({ method: 'GET', path }));
  const narrow = api.another({ consumerKey: api.fake.issue({ rules }).consumerKey });
  const inventory = await readInventory(narrow);
  expect(inventory.missingRules).toEqual([
    'GET /cloud/project',
    'GET /cloud/project/*',
    'GET /dedicated/server/*',
    'GET /domain',
    'GET /domain/*',
    'GET /ip',
    'GET /ip/*',
  ]);
  const { name } = firstServer(api);
  expect(recordOf(inventory, name).errors[0]).toMatchObject({
    status: 403,
    code: 'OVH_NOT_GRANTED_CALL',
    missingRule: 'GET /dedicated/server/*',
  });
  expect(recordOf(inventory, name).tags).toBeDefined();
  expect(inventory.records.filter(({ kind, errors }) => kind === 'vps' && errors.length > 0)).toEqual([]);
  expect([inventory.complete, [...new Set(inventory.errors.map(({ route }) => route))]]).toEqual([
    false,
    ['GET /cloud/project', 'GET /cloud/project/{serviceName}', 'GET /cloud/project/{serviceName}/instance', 'GET /domain', 'GET /ip'],
  ]);
});

test('the rules that are printed are all that an inventory needs', async () => {
  await using api = await world({}, SMALL);
  const rules = INVENTORY_RULES.map((text) => ({ method: text.split(' ')[0] ?? '', path: text.split(' ')[1] ?? '' }));
  const client = api.another({ consumerKey: api.fake.issue({ rules }).consumerKey });
  const inventory = await readInventory(client);
  expect([inventory.complete, inventory.missingRules, namesOf(inventory)]).toEqual([true, [], namesIn(api.fake)]);
});

test('an identity that IAM refuses is told the missing actions', async () => {
  await using api = await world({ retry: false }, SMALL);
  const denied = {
    class: 'Client::Forbidden',
    message: 'User not granted for this request',
    details: { unauthorizedActionsByIAM: 'vps:apiovh:ips/get' },
  };
  api.fake.faults.next('/vps/*/ips', { kind: 'body', status: 403, body: JSON.stringify(denied) }, ALWAYS);
  const inventory = await readInventory(api.client, { kinds: ['vps'] });
  expect([inventory.missingActions, inventory.missingRules]).toEqual([['vps:apiovh:ips/get'], []]);
  expect(inventory.records[0]?.errors).toMatchObject([{ code: 'OVH_IAM_DENIED', missingActions: ['vps:apiovh:ips/get'] }]);
});

test('no rule at all: an empty inventory that names every rule; the other reasons for nothing are thrown', async () => {
  await using api = await world({ retry: false }, SMALL);
  const nothing = api.another({ consumerKey: api.fake.issue({ rules: [{ method: 'GET', path: '/sms' }] }).consumerKey });
  const inventory = await readInventory(nothing);
  expect([inventory.complete, inventory.records, inventory.account]).toEqual([false, [], '']);
  expect(inventory.missingRules).toEqual([
    'GET /cloud/project',
    'GET /dedicated/server',
    'GET /domain',
    'GET /ip',
    'GET /me',
    'GET /v2/iam/resource',
    'GET /vps',
  ]);
  const expired = api.another({ consumerKey: api.fake.issue({ rules: [], status: 'expired' }).consumerKey });
  expect(await failureOf(readInventory(expired))).toMatchObject({ code: 'OVH_INVALID_CREDENTIAL' });
  expect(await failureOf(readInventory(api.another({ applicationKey: 'nobody' }), { account: 'x' }))).toMatchObject({
    code: 'OVH_INVALID_KEY',
  });
  await api.client.get('/me');
  api.fake.faults.next('*', NO_ROUTE, ALWAYS);
  expect(await failureOf(readInventory(api.client, { account: 'x' }))).toMatchObject({ code: 'OVH_ROUTE_NOT_FOUND' });
  api.fake.faults.clear();
  await api.fake.close();
  expect(await failureOf(readInventory(api.client))).toMatchObject({ code: 'OVH_NETWORK' });
});

test('a key that ends in the middle: what was read stays, and the rest is not asked for in vain', async () => {
  await using api = await world({ retry: false }, { ...SMALL, servers: 200 });
  const { consumerKey } = api.fake.issue({ rules: [{ method: 'GET', path: '/*' }] });
  const client = api.another({ consumerKey });
  const inventory = await readInventory(client, {
    kinds: ['baremetal'],
    onProgress: ({ done }) => {
      if (done === 20) api.fake.decide.call(api.fake, consumerKey, 'expire');
    },
  });
  expect(inventory.records).toHaveLength(200);
  const whole = inventory.records.filter(({ errors }) => errors.length === 0);
  expect(whole.length).toBeGreaterThanOrEqual(20);
  expect(whole.length).toBeLessThan(200);
  expect(inventory.records.flatMap(({ errors }) => errors).every(({ code }) => code === 'OVH_INVALID_CREDENTIAL')).toBe(true);
  expect(api.fake.log.filter(({ status }) => status === 403).length).toBeLessThan(60);
});

const STRANGE: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"ns1.example"'],
  ['an object for a list', '{"0":"ns1"}'],
  ['a list for an object', '[{"name":"x"}]'],
  ['members of other types', '{"name":1,"state":[],"iam":"x","ip":{},"reverse":7,"powerState":null,"serviceId":"12","renew":3}'],
  ['a list of everything', '[null,1,"",{},[],"../x","a/b","ok",true,"ok"]'],
  ['HTML', '<html><body>Bad gateway</body></html>'],
  ['half of it', '{"name":"ns1'],
];

const LISTS = ['/dedicated/server', '/vps', '/domain', '/ip', '/cloud/project', '/v2/iam/resource'];

test.each(STRANGE)('answers that are %s: the inventory ends, and every record has its name', async (_what, body) => {
  await using api = await world({ retry: false }, SMALL);
  const below = ['/dedicated/server/*', '/vps/*', '/domain/*', '/ip/*'];
  for (const path of below) api.fake.faults.next(path, { kind: 'body', body }, ALWAYS);
  expect(namesOf(await readInventory(api.client))).toEqual(namesIn(api.fake));
  for (const path of LISTS) api.fake.faults.next(path, { kind: 'body', body }, ALWAYS);
  const strangeLists = await readInventory(api.client);
  expect([strangeLists.complete, strangeLists.account]).toEqual([false, 'ab12345-ovh']);
  const errors = [...strangeLists.errors, ...strangeLists.records.flatMap((record) => record.errors)];
  expect(errors.every(({ route, code, message }) => /^GET \//.test(route) && /^OVH_/.test(code) && message !== '')).toBe(true);
});

test('a list with strange entries: the names count once, what is none is told', async () => {
  await using api = await world({ retry: false }, SMALL);
  const { name } = firstServer(api);
  const list = [null, name, {}, name, '', '..', '../../me', 'a/b', 'x y', 7];
  api.fake.faults.next('/dedicated/server', { kind: 'body', body: JSON.stringify(list) });
  const inventory = await readInventory(api.client, { kinds: ['baremetal'] });
  expect(new Set(namesOf(inventory))).toEqual(new Set([name, '..', '../../me', 'a/b', 'x y', '7']));
  expect(inventory.errors).toMatchObject([{ route: 'GET /dedicated/server', status: 200, message: '3 entries of the list are no id' }]);
  expect(recordOf(inventory, name).errors).toEqual([]);
  expect(recordOf(inventory, '..').errors[0]).toMatchObject({ status: 0, code: 'OVH_INVALID_CALL' });
  expect(recordOf(inventory, 'a/b').errors[0]).toMatchObject({ status: 404 });
  expect(api.fake.log.filter(({ target }) => target.includes('/../') || target === '/1.0/me')).toHaveLength(1);
});

test('a list of a hundred thousand names is no more than that', async () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `192.0.2.${at}/32`);
  await using server = await smallServer((response, { target }) => {
    response.setHeader('content-type', 'application/json');
    response.end(target === '/1.0/ip' ? JSON.stringify(names) : '[]');
  });
  using client = clientOf(server);
  const controller = new AbortController();
  let done = 0;
  const reading = readInventory(client, {
    kinds: ['ip'],
    account: 'x',
    signal: controller.signal,
    onProgress: (progress) => {
      done = progress.done;
      expect(progress.total).toBe(100_000);
      if (done === 50) controller.abort(new Error('enough'));
    },
  });
  expect(await failureOf(reading)).toMatchObject({ message: 'enough' });
  expect(server.received.length).toBeLessThan(100);
});

test('an abort ends everything at whatever call it comes, with its reason', async () => {
  await using api = await world({ concurrency: 4 }, SMALL);
  await readInventory(api.client);
  const all = api.calls().length;
  for (let at = 0; at < all; at += 3) {
    api.fake.clearLog();
    const controller = new AbortController();
    const client = api.client;
    let seen = 0;
    const request: typeof client.request = (method, path, options) => {
      if (seen === at) controller.abort(new Error(`enough after ${at}`));
      seen += 1;
      return client.request(method, path, options);
    };
    const error = await failureOf(readInventory({ endpoint: client.endpoint, request }, { signal: controller.signal }));
    expect(error).toMatchObject({ message: `enough after ${at}` });
    const after = seen;
    await client.get('/me');
    expect(seen).toBe(after);
  }
});

test('a signal that is aborted already lets nothing out; one of a deadline ends calls that hang', async () => {
  await using api = await world({}, SMALL);
  expect(await failureOf(readInventory(api.client, { signal: AbortSignal.abort(new Error('no')) }))).toMatchObject({ message: 'no' });
  expect(api.calls()).toEqual([]);
  api.fake.faults.next('/vps/*', { kind: 'hang' }, ALWAYS);
  expect(await failureOf(readInventory(api.client, { signal: AbortSignal.timeout(300) }))).toMatchObject({ name: 'TimeoutError' });
});
