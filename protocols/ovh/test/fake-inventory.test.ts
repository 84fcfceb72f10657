import { expect, test } from 'vitest';
import { FakeClock, FakeOvh, type Json, type Row } from '../src/fake/index.ts';
import { member, send, signed } from './support/fake-caller.ts';

const NOW = new FakeClock(1_800_000_000_000).now();

async function read(fake: FakeOvh, target: string): Promise<Json> {
  const reply = await signed(fake, 'GET', target);
  expect([target, reply.status]).toEqual([target, 200]);
  return reply.json;
}

const SERVER = '/1.0/dedicated/server/{server}';
const PROJECT = '/1.0/cloud/project/{project}';

/** Every reading route of 10.1 with a member that its answer has; `0`: a list. */
const READ: ReadonlyArray<readonly [string, string]> = [
  ['/1.0/me', 'nichandle'],
  ['/1.0/dedicated/server', '0'],
  [SERVER, 'commercialRange'],
  [`${SERVER}/serviceInfos`, 'expiration'],
  [`${SERVER}/specifications/hardware`, 'diskGroups'],
  [`${SERVER}/specifications/network`, 'routing'],
  [`${SERVER}/ips`, '0'],
  [`${SERVER}/networkInterfaceController`, '0'],
  [`${SERVER}/networkInterfaceController/{first}`, 'linkType'],
  [`${SERVER}/virtualNetworkInterface`, '0'],
  [`${SERVER}/virtualNetworkInterface/{first}`, 'networkInterfaceController'],
  [`${SERVER}/task`, '0'],
  [`${SERVER}/task/{first}`, 'function'],
  [`${SERVER}/option`, '0'],
  [`${SERVER}/option/{first}`, 'state'],
  [`${SERVER}/vrack`, '0'],
  [`${SERVER}/vrack/{first}`, 'name'],
  [`${SERVER}/intervention`, ''],
  [`${SERVER}/plannedIntervention`, ''],
  ['/1.0/vps', '0'],
  ['/1.0/vps/{first}', 'memoryLimit'],
  ['/1.0/vps/{first}/serviceInfos', 'expiration'],
  ['/1.0/vps/{first}/ips', '0'],
  ['/1.0/vps/{first}/datacenter', 'country'],
  ['/1.0/vps/{first}/images/current', 'name'],
  ['/1.0/vps/{first}/disks', '0'],
  ['/1.0/cloud/project', '0'],
  [PROJECT, 'projectName'],
  [`${PROJECT}/serviceInfos`, 'expiration'],
  [`${PROJECT}/region`, '0'],
  [`${PROJECT}/region/{first}`, 'status'],
  [`${PROJECT}/instance`, '0'],
  [`${PROJECT}/instance/{first}`, 'flavor'],
  [`${PROJECT}/flavor`, '0'],
  [`${PROJECT}/flavor/{first}`, 'vcpus'],
  [`${PROJECT}/image`, '0'],
  [`${PROJECT}/volume`, '0'],
  [`${PROJECT}/volume/{first}`, 'attachedTo'],
  [`${PROJECT}/sshkey`, '0'],
  ['/1.0/domain', '0'],
  ['/1.0/domain/example.com', 'nameServers'],
  ['/1.0/domain/example.com/serviceInfos', 'expiration'],
  ['/1.0/domain/zone', '0'],
  ['/1.0/domain/zone/example.com', 'dnssecSupported'],
  ['/1.0/domain/zone/example.com/record', '0'],
  ['/1.0/domain/zone/example.com/record/{first}', 'fieldType'],
  ['/1.0/ip', '0'],
  ['/1.0/ip/192.0.2.0%2F28', 'routedTo'],
  ['/1.0/vrack', '0'],
  ['/1.0/vrack/{first}', 'name'],
  ['/1.0/vrack/{first}/dedicatedServer', '0'],
  ['/1.0/vrack/{first}/dedicatedServer/{second}', 'vrack'],
  ['/1.0/services', '0'],
  ['/1.0/services/{first}', 'resource'],
  ['/1.0/service/{first}', 'billing'],
  ['/v2/iam/resource', '0'],
  ['/v2/iam/policy', '0'],
  ['/v2/publicCloud/project', '0'],
];

test.each(READ)('the inventory route %s has %s', async (template, wanted) => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(NOW) });
  const known = { server: [...fake.state.servers.keys()][0] ?? '', project: [...fake.state.projects.keys()][0] ?? '' };
  let target = template.replace('{server}', known.server).replace('{project}', known.project);
  for (const hole of ['/{first}', '/{second}']) {
    const at = target.indexOf(hole);
    if (at < 0) continue;
    const [first] = (await read(fake, target.slice(0, at))) as Json[];
    const id = typeof first === 'object' ? (first as Row).id : first;
    target = target.slice(0, at + 1) + encodeURIComponent(String(id)) + target.slice(at + hole.length);
  }
  const value = await read(fake, target);
  if (wanted === '') expect(Array.isArray(value)).toBe(true);
  else expect(Object.keys(value as Row)).toContain(wanted);
});

test('W16 a resource is found by its URN, and tagged', async () => {
  await using fake = await FakeOvh.start();
  const [name] = fake.state.servers.keys();
  const urn = `urn:v1:eu:resource:dedicatedServer:${name}`;
  const path = `/v2/iam/resource/${encodeURIComponent(urn)}`;
  expect(await read(fake, path)).toMatchObject({ urn, name, type: 'dedicatedServer', owner: 'ab12345-ovh' });
  await signed(fake, 'POST', `${path}/tag`, { body: '{"key":"rack","value":"r1"}' });
  expect(((await read(fake, path)) as { tags: Row }).tags.rack).toBe('r1');
  await signed(fake, 'DELETE', `${path}/tag/rack`);
  expect(((await read(fake, path)) as { tags: Row }).tags.rack).toBeUndefined();
  expect((await signed(fake, 'DELETE', `${path}/tag/rack`)).status).toBe(404);
  const changed = await signed(fake, 'PUT', path, { body: '{"displayName":"front","tags":{"env":"test"}}' });
  expect(changed.json).toMatchObject({ displayName: 'front', tags: { env: 'test' } });
  expect((await signed(fake, 'GET', '/v2/iam/resource/urn%3Anone')).status).toBe(404);
});

test('sizes and seed make the world; the same ones make the same one', async () => {
  const options = { clock: new FakeClock(NOW), servers: 500, vps: 40, projects: 3, instances: 7, domains: 9, ips: 20, vracks: 2 };
  await using one = await FakeOvh.start({ ...options, seed: 5 });
  await using same = await FakeOvh.start({ ...options, seed: 5 });
  await using other = await FakeOvh.start({ ...options, seed: 6 });
  const { servers, vps, projects, domains, ips, vracks, services } = one.state;
  expect([servers.size, vps.size, projects.size, domains.size, vracks.size]).toEqual([500, 40, 3, 9, 2]);
  expect([...projects.values()].map(({ instances }) => instances.size)).toEqual([7, 7, 7]);
  expect([...ips.values()].filter((row) => row.type === 'failover')).toHaveLength(20);
  expect(services.size).toBe(500 + 40 + 3 + 9 + 2);
  expect(same.state).toEqual(one.state);
  expect(same.keys).toEqual(one.keys);
  expect(other.state).not.toEqual(one.state);
  expect(other.keys.consumerKey).not.toBe(one.keys.consumerKey);
  const addresses = [...servers.values()].flatMap((row) => row.ips);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('a world larger than its addresses is refused', async () => {
  await expect(FakeOvh.start({ servers: 10_001 })).rejects.toThrow(RangeError);
  await expect(FakeOvh.start({ vps: -1 })).rejects.toThrow(RangeError);
  await expect(FakeOvh.start({ domains: 1.5 })).rejects.toThrow(RangeError);
});

test('what belongs together fits together', async () => {
  await using fake = await FakeOvh.start({ servers: 60, clock: new FakeClock(NOW) });
  for (const [name, { server, serviceInfos, ips }] of fake.state.servers) {
    expect([server.name, serviceInfos.domain]).toEqual([name, name]);
    expect(name).toBe(`ns${server.serverId}.ip-${String(server.ip).split('.').slice(0, 3).join('-')}.eu`);
    expect(ips).toContain(`${server.ip}/32`);
    expect((server.iam as Row).urn).toBe(`urn:v1:eu:resource:dedicatedServer:${name}`);
    expect(String(serviceInfos.expiration) < '2027-01-15').toBe(serviceInfos.status === 'expired');
    expect(fake.state.ips.get(`${server.ip}/32`)?.routedTo).toEqual({ serviceName: name });
    expect(fake.state.services.get(Number(serviceInfos.serviceId))?.resource).toMatchObject({ name });
  }
  for (const { instances, flavors, images, volumes } of fake.state.projects.values()) {
    for (const row of instances.values()) {
      expect(flavors.get(String(row.flavorId))).toMatchObject({ name: row.flavorName, region: row.region });
      expect(images.get(String(row.imageId))?.region).toBe(row.region);
      for (const id of row.attachedVolumes as string[]) expect(volumes.get(id)?.attachedTo).toEqual([row.id]);
    }
  }
});

test('a reboot is a task that ends by the clock', async () => {
  await using fake = await FakeOvh.start({ clock: new FakeClock(NOW) });
  const path = `/1.0/dedicated/server/${[...fake.state.servers.keys()][0]}`;
  const asked = await signed(fake, 'POST', `${path}/reboot`);
  const task = `${path}/task/${member(asked, 'taskId')}`;
  expect(asked.json).toMatchObject({ function: 'hardReboot', status: 'init', doneDate: null });
  expect((await signed(fake, 'POST', `${path}/reboot`)).status).toBe(409);
  fake.clock.advance(10);
  expect(await read(fake, task)).toMatchObject({ status: 'doing', doneDate: null });
  expect(await read(fake, `${path}/task?status=doing&function=hardReboot`)).toEqual([member(asked, 'taskId')]);
  fake.clock.advance(50);
  expect(await read(fake, task)).toMatchObject({ status: 'done', doneDate: '2027-01-15T08:01:00+00:00' });
  expect((await signed(fake, 'POST', `${path}/reboot`)).status).toBe(200);
});

test('N23 N29 W17 what may be changed is changed, and nothing else', async () => {
  await using fake = await FakeOvh.start();
  const path = `/1.0/dedicated/server/${[...fake.state.servers.keys()][0]}`;
  expect(await signed(fake, 'PUT', path, { body: '{"monitoring":false,"rescueMail":"t\\u00e8st@example.com"}' })).toMatchObject({
    status: 200,
    text: 'null',
  });
  expect(await read(fake, path)).toMatchObject({ monitoring: false, rescueMail: 'tèst@example.com' });
  expect((await signed(fake, 'PUT', path, { body: '{"name":"mine"}' })).status).toBe(400);
  const renew = { automatic: true, deleteAtExpiration: false, forced: false, period: 1 };
  await signed(fake, 'PUT', `${path}/serviceInfos`, { body: JSON.stringify({ renew }) });
  expect(await read(fake, `${path}/serviceInfos`)).toMatchObject({ renew });
});

test('records of a zone come and go', async () => {
  await using fake = await FakeOvh.start();
  const path = '/1.0/domain/zone/example.com/record';
  const made = await signed(fake, 'POST', path, { body: '{"fieldType":"A","subDomain":"new","target":"192.0.2.1"}' });
  const record = `${path}/${member(made, 'id')}`;
  expect(made.json).toMatchObject({ zone: 'example.com', fieldType: 'A', ttl: 0 });
  expect(await read(fake, `${path}?fieldType=A&subDomain=new`)).toEqual([member(made, 'id')]);
  await signed(fake, 'PUT', record, { body: '{"ttl":60}' });
  expect(await read(fake, record)).toMatchObject({ ttl: 60, target: '192.0.2.1' });
  expect((await signed(fake, 'POST', '/1.0/domain/zone/example.com/refresh')).text).toBe('null');
  await signed(fake, 'DELETE', record);
  expect((await signed(fake, 'GET', record)).status).toBe(404);
  expect(member(await signed(fake, 'POST', path, { body: '{"fieldType":"A"}' }), 'message')).toBe('Missing parameter: target');
});

test('V16 V17 V19 blocks are found by what they are and where they lead', async () => {
  await using fake = await FakeOvh.start();
  const [name] = fake.state.servers.keys();
  expect(await read(fake, '/1.0/ip?type=failover')).toHaveLength(4);
  expect(await read(fake, '/1.0/ip?type=dedicated&isAdditionalIp=true')).toEqual([]);
  expect(await read(fake, '/1.0/ip?isAdditionalIp=false')).toHaveLength(24);
  expect(await read(fake, `/1.0/ip?routedTo.serviceName=${name}`)).toContain('192.0.2.0/28');
  expect(await read(fake, `/1.0/ip?version=6&routedTo.serviceName=${name}`)).toEqual(['2001:db8:1::/64']);
});

test('instances of a region; the list has ids where the detail has objects', async () => {
  await using fake = await FakeOvh.start({ instances: 20 });
  const [[id, { instances }] = ['', { instances: new Map<string, Row>() }]] = fake.state.projects;
  const rows = (await read(fake, `/1.0/cloud/project/${id}/instance?region=GRA11`)) as Row[];
  expect(rows.map((row) => row.id)).toEqual([...instances.values()].filter((row) => row.region === 'GRA11').map((row) => row.id));
  expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['flavorId', 'imageId', 'addresses']));
  const detail = await read(fake, `/1.0/cloud/project/${id}/instance/${rows[0]?.id}`);
  expect(detail).toMatchObject({ flavor: { id: rows[0]?.flavorId }, image: { id: rows[0]?.imageId } });
});

test.each(['vps/none', 'dedicated/server/none/ips', 'domain/zone/none/record', 'cloud/project/none', 'ip/192.0.2.99', 'services/1'])(
  'the API names what it has not: %s',
  async (path) => {
    await using fake = await FakeOvh.start();
    const reply = await signed(fake, 'GET', `/1.0/${path}`);
    expect([reply.status, member(reply, 'message')]).toEqual([
      404,
      expect.stringMatching(/^The requested object \(\w+ = \S+\) does not exist$/),
    ]);
  },
);

test('what there is to buy is told to everybody, in the currency of the country', async () => {
  await using fake = await FakeOvh.start();
  for (const product of ['vps', 'cloud', 'baremetalServers']) {
    const reply = await send(fake, 'GET', `/1.0/order/catalog/public/${product}?ovhSubsidiary=PL`);
    expect(reply.json).toMatchObject({
      locale: { currencyCode: 'PLN', subsidiary: 'PL' },
      plans: [{ pricings: [{ intervalUnit: 'month' }] }, ...(product === 'baremetalServers' ? [{}] : [])],
    });
  }
  expect((await send(fake, 'GET', '/1.0/order/catalog/public/vps')).status).toBe(400);
  expect((await send(fake, 'GET', '/1.0/order/catalog/public/vps?ovhSubsidiary=XX')).status).toBe(400);
});

test('a deleted project is found by its id alone', async () => {
  await using fake = await FakeOvh.start({
    fixtures: { projects: [{ project_id: 'a' }, { project_id: 'b', status: 'deleted' }, { project_id: 'c', status: 'suspended' }] },
  });
  expect((await signed(fake, 'GET', '/1.0/cloud/project')).json).toEqual(['a', 'c']);
  expect((await signed(fake, 'GET', '/1.0/cloud/project/b')).json).toMatchObject({ status: 'deleted' });
});
