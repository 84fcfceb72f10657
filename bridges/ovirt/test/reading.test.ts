import type { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { type ObjectOf, readCollection, readOvf, readResource, type TypeName } from '@fairlead/ovirt/codec';
import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const ZERO = '00000000-0000-0000-0000-000000000000';

/** Two tenants' machines and one of the provider. */
async function threeVms(fake: FakeCloudStack): Promise<void> {
  await fake.addVm({
    name: 'web',
    account: 'alice',
    displayname: 'Web & Shop',
    tags: { veeam_tag: 'gold' },
    disks: [{ name: 'web-root' }, { name: 'web-data' }],
  });
  await fake.addVm({
    name: 'mail',
    account: 'bob',
    state: 'Running',
    tags: { veeam_tag_2: 'silver', other: 'x' },
    disks: [{ name: 'mail-root' }],
  });
  await fake.addVm({ name: 'core', account: 'admin', cpu: 2, memoryMiB: 2048 });
}

async function list<Type extends TypeName>(harness: Harness, path: string, type: Type, user = 'admin@internal'): Promise<ObjectOf<Type>[]> {
  const reply = await harness.api(path, { user, accept: 'application/xml' });
  expect([path, reply.status]).toEqual([path, 200]);
  return readCollection(type, reply.text);
}

const EVERYTHING: readonly (readonly [string, TypeName, boolean])[] = [
  ['datacenters', 'data_center', true],
  ['clusters', 'cluster', true],
  ['hosts', 'host', true],
  ['storagedomains', 'storage_domain', true],
  ['networks', 'network', true],
  ['vnicprofiles', 'vnic_profile', true],
  ['vms', 'vm', true],
  ['templates', 'template', true],
  ['cpuprofiles', 'cpu_profile', true],
  ['diskprofiles', 'disk_profile', true],
  ['operatingsystems', 'operating_system', true],
  ['tags', 'tag', true],
];

test.each(EVERYTHING)('ovirt 12.7: %s and each of its members say the same in XML and in JSON', async (segment, type) => {
  await using harness = await startHarness({ prepare: threeVms });

  const xml = await list(harness, `/${segment}`, type);
  const json = readCollection(type, (await harness.api(`/${segment}`)).text);

  expect(xml.length).toBeGreaterThan(0);
  expect(json).toEqual(xml);
  for (const item of xml as readonly { id?: string; href?: string }[]) {
    expect(item.href).toBe(`/ovirt-engine/api/${segment}/${item.id}`);
    const one = await harness.api(`/${segment}/${item.id}`, { accept: 'application/xml' });
    expect(readResource(type, one.text)).toEqual(item);
    expect(readResource(type, (await harness.api(`/${segment}/${item.id}`)).text)).toEqual(item);
  }
  expect((await harness.api(`/${segment}/6d1f6b1e-0000-4000-8000-000000000000`)).status).toBe(404);
});

test('the root tells version, blank template, counts and the same instance id every time', async () => {
  await using harness = await startHarness({ prepare: threeVms });

  const root = readResource('api', (await harness.api('', { accept: 'application/xml' })).text);
  const again = readResource('api', (await harness.api('/')).text);

  expect(root.product_info).toMatchObject({ name: 'oVirt Engine', vendor: 'ovirt.org', version: { major: 4, minor: 5 } });
  expect(again.product_info?.instance_id).toBe(root.product_info?.instance_id);
  expect(root.special_objects?.blank_template?.id).toBe(ZERO);
  expect(root.summary).toMatchObject({
    vms: { active: 1, total: 3 },
    hosts: { active: 1, total: 1 },
    storage_domains: { active: 1, total: 1 },
  });
  const rels = (root.link ?? []).map((link) => link.rel);
  expect(rels).toEqual(expect.arrayContaining(['vms', 'vms/search', 'imagetransfers', 'storagedomains', 'vnicprofiles', 'events/search']));
  expect(root.link?.find((link) => link.rel === 'vms/search')?.href).toBe('/ovirt-engine/api/vms?search={query}');
});

test('a tool finds its way from the data center down', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const [zone] = await list(harness, '/datacenters', 'data_center');
  const [cluster] = await list(harness, `/datacenters/${zone?.id}/clusters`, 'cluster');
  const [domain] = await list(harness, `/datacenters/${zone?.id}/storagedomains`, 'storage_domain');
  const networks = await list(harness, `/datacenters/${zone?.id}/networks`, 'network');
  const [host] = await list(harness, '/hosts', 'host');

  expect(zone).toMatchObject({ status: 'up', local: false, version: { major: 4, minor: 8 } });
  expect(cluster).toMatchObject({ name: 'cluster0', data_center: { id: zone?.id }, cpu: { architecture: 'x86_64' } });
  expect(domain).toMatchObject({ type: 'data', status: 'active', master: true, storage: { type: 'posixfs', path: harness.fake.poolPath } });
  expect(domain?.available).toBeGreaterThan(0);
  expect(host).toMatchObject({ status: 'up', type: 'rhel', cluster: { id: cluster?.id }, hardware_information: { uuid: host?.id } });
  expect(networks.map((network) => network.name)).toEqual(['net-admin', 'net-alice', 'net-bob']);
  expect(await list(harness, `/clusters/${cluster?.id}/networks`, 'network')).toHaveLength(3);
  expect((await list(harness, `/clusters/${cluster?.id}/cpuprofiles`, 'cpu_profile')).map((profile) => profile.name)).toContain(
    'Small Instance',
  );
  expect((await list(harness, `/storagedomains/${domain?.id}/diskprofiles`, 'disk_profile')).map((profile) => profile.name)).toContain(
    'Custom',
  );
  const [profile] = await list(harness, `/networks/${networks[0]?.id}/vnicprofiles`, 'vnic_profile');
  expect(profile).toMatchObject({ id: networks[0]?.id, network: { id: networks[0]?.id } });
  for (const below of ['storagedomains', 'clusters', 'networks', 'quotas'])
    expect((await harness.api(`/datacenters/6d1f6b1e-0000-4000-8000-000000000000/${below}`)).status, below).toBe(404);
});

test('a VM is told in oVirt’s words', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const vms = await list(harness, '/vms', 'vm');
  const named = (name: string) => vms.find((vm) => vm.name === name);

  expect(vms.map((vm) => vm.name)).toEqual(['core', 'mail', 'web']);
  expect(named('web')).toMatchObject({
    description: 'Web & Shop',
    status: 'down',
    status_detail: 'Stopped',
    comment: 'ROOT/tenants alice',
  });
  expect(named('core')).toMatchObject({
    memory: 2 * 1024 ** 3,
    cpu: { topology: { sockets: 2, cores: 1, threads: 1 } },
    bios: { type: 'q35_sea_bios' },
  });
  expect(named('mail')).toMatchObject({ status: 'up', host: { id: harness.fake.cloud.hosts[0]?.id } });
  expect(named('web')?.host).toBeUndefined();
  for (const vm of vms) expect(vm.cluster?.id).toBe(harness.fake.cloud.clusters[0]?.id);
});

test('search, sort, page and max cut the list', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const names = async (query: string) => (await list(harness, `/vms?${query}`, 'vm')).map((vm) => vm.name);
  const search = (text: string) => `search=${encodeURIComponent(text)}`;

  expect(await names(search('name=web'))).toEqual(['web']);
  expect(await names(search('name=WEB'))).toEqual([]);
  expect(await names(`${search('name=WEB')}&case_sensitive=false`)).toEqual(['web']);
  expect(await names(search('name=*e*'))).toEqual(['core', 'web']);
  expect(await names(search('status=up or tag=gold'))).toEqual(['mail', 'web']);
  expect(await names(search('name!=web and cluster=cluster0'))).toEqual(['core', 'mail']);
  expect(await names(search('host=kvm1'))).toEqual(['mail']);
  expect(await names(search('datacenter=zone1 sortby name desc'))).toEqual(['web', 'mail', 'core']);
  expect(await names(`${search('page 2')}&max=2`)).toEqual(['web']);
  expect(await names('max=1')).toEqual(['core']);
  expect(await names('max=0')).toEqual([]);
  expect(await names('max=-1')).toHaveLength(3);
  expect((await list(harness, `/hosts?${search(`hw_id=${harness.fake.cloud.hosts[0]?.id}`)}`, 'host')).length).toBe(1);
  expect((await list(harness, `/datacenters?${search('storage=primary0')}`, 'data_center')).length).toBe(1);
  expect((await list(harness, `/datacenters?${search('storage.name=other')}`, 'data_center')).length).toBe(0);
  for (const path of ['clusters', 'storagedomains', 'networks', 'templates', 'vnicprofiles', 'tags'])
    expect((await harness.api(`/${path}?${search('name=nothing')}`)).json, path).toSatisfy(
      (body: object) => Object.values(body).flat().length === 0,
    );
});

test('follow inlines what hangs on a VM without asking CloudStack again', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  await list(harness, '/vms', 'vm');
  await harness.listed();
  const before = harness.fake.calls.length;

  const vms = await list(harness, '/vms?follow=tags,cluster.data_center,cluster.networks,host,reported_devices,no_such_link', 'vm');

  const web = vms.find((vm) => vm.name === 'web');
  const mail = vms.find((vm) => vm.name === 'mail');
  expect(web?.tags).toMatchObject([{ name: 'gold', parent: { id: ZERO } }]);
  expect(mail?.tags?.map((tag) => tag.name)).toEqual(['silver']);
  expect(web?.cluster).toMatchObject({ name: 'cluster0', data_center: { name: 'zone1' } });
  expect(web?.cluster?.networks?.map((network) => network.name)).toContain('net-bob');
  expect(mail?.host?.name).toBe('kvm1');
  expect(mail?.reported_devices?.[0]).toMatchObject({ name: 'eth0', type: 'network', ips: [{ version: 'v4' }] });
  expect(harness.fake.calls.slice(before)).toEqual([]);
});

test('follow works on data centers and on single objects', async () => {
  await using harness = await startHarness({ prepare: threeVms });

  const [zone] = await list(harness, '/datacenters?follow=storage_domains,clusters,networks', 'data_center');
  const one = readResource('vm', (await harness.api(`/vms/${harness.fake.vm('web').id}?follow=tags`)).text);

  expect([zone?.storage_domains?.length, zone?.clusters?.length, zone?.networks?.length]).toEqual([1, 1, 3]);
  expect(one.tags?.map((tag) => tag.name)).toEqual(['gold']);
});

test('tags can be read from the root and from the VM, by id and by name', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const { id } = harness.fake.vm('web');

  const tags = await list(harness, '/tags', 'tag');
  const [ofVm] = await list(harness, `/vms/${id}/tags`, 'tag');

  expect(tags.map((tag) => tag.name)).toEqual(['root', 'gold', 'silver']);
  expect(ofVm).toMatchObject({ name: 'gold', id: tags[1]?.id });
  expect((await harness.api(`/tags/gold`)).json.id).toBe(tags[1]?.id);
  expect((await harness.api(`/vms/${id}/tags/${ofVm?.id}`)).status).toBe(200);
  expect((await harness.api(`/vms/${id}/tags/silver`)).status).toBe(404);
});

test('fence_rhevm reads id and status of the VM it asks for, and splits a list into machines', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const headers = { version: '4', filter: 'true', prefer: 'persistent-auth' };
  const get = async (path: string) => (await harness.api(path, { accept: '*/*', headers })).text;

  const found = await get('/vms/?search=name%3Dmail');
  const all = await get('/vms/');

  expect(/<vm .*?id="([^"]+)"/.exec(found)?.[1]).toBe(harness.fake.vm('mail').id);
  expect(/<status>(.*?)<\/status>/.exec(found)?.[1]).toBe('up');
  const chunks = all.split('<vm ').slice(1);
  expect(chunks.map((chunk) => /<name>(.*?)<\/name>/.exec(chunk)?.[1])).toEqual(['core', 'mail', 'web']);
  expect(chunks.map((chunk) => /<status>(.*?)<\/status>/.exec(chunk)?.[1])).toEqual(['down', 'up', 'down']);
});

test('all_content brings the OVF along, asked for by query, matrix parameter or header', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const { id } = harness.fake.vm('web');
  const ovfOf = (text: string) => readResource('vm', text).initialization?.configuration;

  const byQuery = ovfOf((await harness.api(`/vms/${id}?all_content=true`)).text);
  const byMatrix = ovfOf((await harness.api(`/vms/${id};all_content=true`)).text);
  const byHeader = ovfOf((await harness.api(`/vms/${id}`, { headers: { 'all-content': 'true' } })).text);

  expect(byQuery?.type).toBe('ovf');
  const { description, dialect } = readOvf(byQuery?.data ?? '');
  expect([dialect, description.name, description.disks.length, description.nics.length]).toEqual(['fairlead', 'web', 2, 1]);
  expect(description.owner).toMatchObject({ accountId: harness.fake.userRow('alice').account.id });
  expect(byMatrix?.data?.length).toBe(byQuery?.data?.length);
  expect(byHeader?.data?.length).toBe(byQuery?.data?.length);
  expect((await harness.api(`/vms/${id}`)).json.initialization).toBeUndefined();
  const [first] = await list(harness, '/vms?all_content=true&max=1', 'vm');
  expect(first?.initialization?.configuration?.data).toContain('ovf:Envelope');
});

test('equal names are told apart by owner, the same in every answer', async () => {
  await using harness = await startHarness({
    prepare: async (fake) => {
      for (const account of ['alice', 'bob', 'bob']) await fake.addVm({ name: 'web', account });
    },
  });

  const vms = await list(harness, '/vms', 'vm');
  const again = await Promise.all(vms.map(async (vm) => (await harness.api(`/vms/${vm.id}`)).json.name));

  expect(vms.map((vm) => vm.name).toSorted()).toEqual([
    expect.stringMatching(/^web \(alice\)$/),
    expect.stringMatching(/^web \(bob, [0-9a-f]{8}\)$/),
    expect.stringMatching(/^web \(bob, [0-9a-f]{8}\)$/),
  ]);
  expect(again).toEqual(vms.map((vm) => vm.name));
  expect((await list(harness, '/vms', 'vm', 'alice@tenants')).map((vm) => vm.name)).toEqual(['web']);
});

test('a destroyed VM is gone', async () => {
  await using harness = await startHarness({ prepare: threeVms });
  const vm = harness.fake.vm('web');
  vm.state = 'Destroyed';

  expect((await list(harness, '/vms', 'vm')).map((one) => one.name)).toEqual(['core', 'mail']);
  expect((await harness.api(`/vms/${vm.id}`)).status).toBe(404);
});
