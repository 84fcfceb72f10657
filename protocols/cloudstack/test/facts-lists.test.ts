import { expect, test } from 'vitest';
import { codes, raw } from './raw.ts';
import { type Cloud, openCloud } from './support.ts';

/** Facts 25 to 30 of the recordings of CloudStack 4.23: who finds what in which list. */

type Params = Readonly<Record<string, string>>;
type Item = Readonly<Record<string, unknown>>;

async function items(cloud: Cloud, as: string, command: string, params: Params = {}): Promise<readonly Item[]> {
  const { inner } = await raw(cloud, command, params, { as });
  return (Object.values(inner).find((value) => Array.isArray(value)) ?? []) as Item[];
}

async function names(cloud: Cloud, as: string, command: string, params: Params = {}): Promise<unknown[]> {
  return (await items(cloud, as, command, params)).map((item) => item.name).toSorted();
}

/** One instance each of alice's, bob's, admin's and of a project of alice's. */
async function inhabited(): Promise<Cloud> {
  const cloud = await openCloud();
  const project = cloud.fake.addProject('proj', ['alice']);
  for (const account of ['alice', 'bob', 'admin'])
    await cloud.fake.addVm({ name: `vm-${account}`, account, disks: [{ name: `root-${account}` }], state: 'Running', tags: { a: 'b' } });
  await cloud.fake.addVm({ name: 'vm-proj', account: `PrjAcct-proj-${project.n}`, networks: [], disks: [{}] });
  return cloud;
}

test('25 a root admin finds foreign instances by id without listall, but not networks', async () => {
  await using cloud = await inhabited();
  const { id } = cloud.fake.vm('vm-alice');
  const network = cloud.fake.cloud.networks.find((row) => row.name === 'net-alice')?.id ?? '';
  expect(await names(cloud, 'admin', 'listVirtualMachines', { id })).toEqual(['vm-alice']);
  expect(await names(cloud, 'admin', 'listNetworks', { id: network })).toEqual([]);
  expect(await names(cloud, 'admin', 'listNetworks', { id: network, listall: 'true' })).toEqual(['net-alice']);
});

test('25 an unknown UUID is 431, a foreign one an empty list', async () => {
  await using cloud = await inhabited();
  expect(codes(await raw(cloud, 'listVirtualMachines', { id: crypto.randomUUID() }, { as: 'bob' }))).toBe('431 431 9999');
  const foreign = await raw(cloud, 'listVirtualMachines', { id: cloud.fake.vm('vm-alice').id }, { as: 'bob' });
  expect([foreign.status, foreign.inner]).toEqual([200, {}]);
});

test('26 projectid=-1 gives only what projects own, with listall both, and a domain admin nothing', async () => {
  await using cloud = await inhabited();
  const list = (as: string, params: Params) => names(cloud, as, 'listVirtualMachines', params);
  expect(await list('alice', { projectid: '-1' })).toEqual(['vm-proj']);
  expect(await list('alice', { projectid: '-1', listall: 'true' })).toEqual(['vm-alice', 'vm-proj']);
  expect(await list('admin', { projectid: '-1', listall: 'true' })).toEqual(['vm-admin', 'vm-alice', 'vm-bob', 'vm-proj']);
  expect(await list('dadmin', { projectid: '-1', listall: 'true' })).toEqual([]);
  expect(await list('dadmin', { listall: 'true' })).toEqual(['vm-alice', 'vm-bob']);
});

test("26 a project's instance is not found by id without projectid", async () => {
  await using cloud = await inhabited();
  const { id } = cloud.fake.vm('vm-proj');
  expect(await names(cloud, 'alice', 'listVirtualMachines', { id })).toEqual([]);
  expect(await names(cloud, 'alice', 'listVirtualMachines', { id, projectid: '-1' })).toEqual(['vm-proj']);
});

test('27 details=min leaves size, offering and template out, servoff brings the size back; cards, tags and details are always there', async () => {
  await using cloud = await inhabited();
  const keys = async (details: string) => {
    const [item = {}] = await items(cloud, 'alice', 'listVirtualMachines', { details });
    return new Set(Object.keys(item));
  };
  const size = ['cpunumber', 'memory', 'serviceofferingid', 'templateid'];
  const [min, servoff, all] = [await keys('min'), await keys('servoff'), await keys('all')];
  expect(size.filter((key) => min.has(key))).toEqual([]);
  expect(size.filter((key) => servoff.has(key))).toEqual(['cpunumber', 'memory', 'serviceofferingid']);
  expect(size.filter((key) => all.has(key))).toEqual(size);
  for (const variant of [min, servoff, all]) expect(['nic', 'tags', 'details'].filter((key) => !variant.has(key))).toEqual([]);
});

test('28 only a root admin sees where instances and volumes are', async () => {
  await using cloud = await inhabited();
  const seen = async (as: string, command: string, keys: readonly string[]) => {
    const [item = {}] = await items(cloud, as, command, { listall: 'true', name: command === 'listVolumes' ? 'root-alice' : 'vm-alice' });
    expect(item.id).toBeDefined();
    expect('accountid' in item).toBe(false);
    return keys.filter((key) => key in item);
  };
  const ofVm = ['hostid', 'hostname', 'instancename', 'arch', 'displayvm'];
  const ofVolume = ['storage', 'storageid', 'path', 'clusterid', 'podid', 'hypervisor'];
  expect(await seen('admin', 'listVirtualMachines', ofVm)).toEqual(ofVm);
  expect(await seen('admin', 'listVolumes', ofVolume)).toEqual(ofVolume);
  for (const as of ['dadmin', 'alice']) {
    expect(await seen(as, 'listVirtualMachines', ofVm)).toEqual([]);
    expect(await seen(as, 'listVolumes', ofVolume)).toEqual([]);
  }
});

test('28 a domain admin may not list hosts, clusters and pools, but may give instances and volumes to others', async () => {
  await using cloud = await inhabited();
  for (const command of ['listHosts', 'listClusters', 'listStoragePools'])
    expect(codes(await raw(cloud, command, {}, { as: 'dadmin' }))).toBe('432 432 9999');
  const vm = await cloud.fake.addVm({ name: 'given', account: 'alice', networks: [] });
  const params = { virtualmachineid: vm.id, account: 'bob', domainid: vm.owner.domain.id };
  expect(codes(await raw(cloud, 'assignVirtualMachine', params, { as: 'dadmin', method: 'POST' }))).toBe('200');
  expect(vm.owner.name).toBe('bob');
  const disk = { volumeid: cloud.fake.volume('root-alice').id, accountid: vm.owner.id };
  expect(codes(await raw(cloud, 'assignVolume', disk, { as: 'dadmin', method: 'POST' }))).toBe('431 431 4350');
  expect(codes(await raw(cloud, 'assignVolume', disk, { as: 'alice', method: 'POST' }))).toBe('432 432 9999');
});

test('28 a stopped instance has no host for anybody', async () => {
  await using cloud = await inhabited();
  await cloud.client().run('stopVirtualMachine', { id: cloud.fake.vm('vm-alice').id });
  for (const as of ['admin', 'alice']) {
    const [item = {}] = await items(cloud, as, 'listVirtualMachines', { listall: 'true', name: 'vm-alice' });
    expect(['hostid', 'hostname', 'hostcontrolstate'].filter((key) => key in item)).toEqual([]);
  }
});

test('29 a card says whether its link is up, and updateVmNic changes it', async () => {
  await using cloud = await inhabited();
  const nics = async () => (await items(cloud, 'alice', 'listVirtualMachines', { name: 'vm-alice' }))[0]?.nic as Item[];
  expect((await nics()).map((nic) => nic.enabled)).toEqual([true]);
  await cloud.client({ user: 'alice' }).run('updateVmNic', { nicid: String((await nics())[0]?.id), enabled: false });
  expect((await nics()).map((nic) => nic.enabled)).toEqual([false]);
});

test('30 an ordinary account finds itself among users and accounts, and may neither list domains nor change volumes', async () => {
  await using cloud = await inhabited();
  expect((await items(cloud, 'alice', 'listUsers', { listall: 'true' })).map((item) => item.username)).toEqual(['alice']);
  expect(await names(cloud, 'alice', 'listAccounts', { listall: 'true' })).toEqual(['alice']);
  expect(await names(cloud, 'dadmin', 'listAccounts', { listall: 'true' })).toEqual(['alice', 'bob', 'dadmin']);
  expect(codes(await raw(cloud, 'listDomains', {}, { as: 'alice' }))).toBe('432 432 9999');
  const rename = { id: cloud.fake.volume('root-alice').id, name: 'mine' };
  expect(codes(await raw(cloud, 'updateVolume', rename, { as: 'alice', method: 'POST' }))).toBe('432 432 9999');
});
