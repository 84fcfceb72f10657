import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refusal } from './backup-support.ts';
import { type Cloud, openCloud } from './support.ts';

const DAY = 86_400_000;

async function open(state: 'Running' | 'Stopped' = 'Stopped'): Promise<Cloud> {
  const cloud = await openCloud();
  await cloud.fake.addVm({ name: 'one', account: 'alice', state, disks: [{ name: 'root' }, { name: 'data' }] });
  return cloud;
}

/** Calls about the instance `one`. */
function one(cloud: Cloud, as: string) {
  const client = cloud.client({ user: as });
  const { id } = cloud.fake.vm('one');
  return {
    run: (command: string, params: Record<string, unknown> = {}) => client.run(command, { id, ...params } as never),
    call: (command: string, params: Record<string, unknown> = {}) => client.call(command, { id, ...params } as never),
  };
}

test('a destroyed instance can be recovered by an administrator, and keeps its disks', async () => {
  await using cloud = await open();
  await one(cloud, 'alice').run('destroyVirtualMachine');
  expect(await one(cloud, 'alice').call('listVirtualMachines')).toEqual({});
  expect(await refusal(one(cloud, 'alice').call('recoverVirtualMachine'))).toMatch(/^531 /);
  await one(cloud, 'dadmin').call('recoverVirtualMachine');
  expect(await one(cloud, 'alice').call('listVirtualMachines')).toMatchObject({ count: 1 });
  await one(cloud, 'alice').run('startVirtualMachine');
  expect(cloud.fake.vm('one').state).toBe('Running');
});

test('an expunged instance is gone with its root disk; its data disk stays, detached', async () => {
  await using cloud = await open();
  const root = cloud.fake.volumePath('root');
  expect(await refusal(one(cloud, 'admin').run('expungeVirtualMachine'))).toMatch(/^job 530 Please destroy/);
  await one(cloud, 'alice').run('destroyVirtualMachine');
  expect(await refusal(one(cloud, 'alice').run('expungeVirtualMachine'))).toMatch(/^job 530 .*only be done by an Admin/);
  expect(existsSync(root)).toBe(true);
  const admin = one(cloud, 'admin');
  await admin.run('expungeVirtualMachine');
  expect(await refusal(admin.call('recoverVirtualMachine'))).toMatch(/^431 /);
  expect([existsSync(root), existsSync(cloud.fake.volumePath('data')), cloud.fake.volume('data').vm]).toEqual([false, true, undefined]);
});

test('what was destroyed is expunged by itself after a day', async () => {
  await using cloud = await open();
  const spare = (await cloud.client().run('createVolume', {
    name: 'spare',
    diskofferingid: cloud.fake.cloud.diskOfferings[0]?.id,
    zoneid: cloud.fake.cloud.zone.id,
  })) as { id: string };
  await one(cloud, 'alice').run('destroyVirtualMachine');
  await cloud.client().run('destroyVolume', { id: spare.id });
  const present = async () =>
    [
      await one(cloud, 'admin').call('listVirtualMachines'),
      await cloud.client().call('listVolumes', { id: spare.id, state: 'Destroy' }),
    ].map((answer) => (answer as { count?: number }).count ?? 0);
  cloud.fake.clock.advance(DAY - 60_000);
  expect(await present()).toEqual([1, 1]);
  cloud.fake.clock.advance(60_000);
  expect(await present()).toEqual([0, 0]);
});

test('a destroyed volume can be recovered by an administrator', async () => {
  await using cloud = await open();
  const { id } = cloud.fake.volume('data');
  const client = cloud.client({ user: 'alice' });
  expect(await refusal(client.run('destroyVolume', { id }))).toMatch(/^job 431 /);
  await client.run('detachVolume', { id });
  await client.run('destroyVolume', { id });
  expect(await refusal(client.call('recoverVolume', { id }))).toMatch(/^531 /);
  expect(await cloud.client().call('recoverVolume', { id })).toMatchObject({ volume: { state: 'Ready' } });
});

test('a stopped instance is scaled within the limits of its account, a running one is not', async () => {
  await using cloud = await open();
  const custom = cloud.fake.cloud.serviceOfferings.find((row) => row.fixed === undefined)?.id;
  const size = (cpuNumber: number) => ({ serviceofferingid: custom, details: { cpuNumber, cpuSpeed: 1000, memory: 2048 } });
  const details = cloud.fake.vm('one').details;
  expect(await one(cloud, 'alice').run('scaleVirtualMachine', size(3))).toMatchObject({ cpunumber: 3, memory: 2048 });
  expect(cloud.fake.vm('one').details).toEqual({ ...details, cpuNumber: '3', cpuSpeed: '1000', memory: '2048' });
  expect(await refusal(one(cloud, 'alice').run('scaleVirtualMachine', size(41)))).toMatch(/^job 535 /);
  await one(cloud, 'alice').run('startVirtualMachine');
  expect(await refusal(one(cloud, 'alice').run('scaleVirtualMachine', size(2)))).toMatch(/^job 431 /);
});

test('a running instance is migrated to another host, which only root admins see', async () => {
  await using cloud = await open('Running');
  const admin = cloud.client();
  const { id: virtualmachineid } = cloud.fake.vm('one');
  expect(await refusal(admin.call('migrateVirtualMachine', { virtualmachineid }))).toMatch(/^431 .*already present on this host/);
  const host = cloud.fake.addHost('kvm2', '127.0.0.2');
  expect(await admin.call('listHosts', { virtualmachineid })).toMatchObject({
    count: 1,
    host: [{ id: host.id, suitableformigration: true }],
  });
  expect(await admin.run('migrateVirtualMachine', { virtualmachineid, hostid: host.id })).toMatchObject({
    hostid: host.id,
    hostname: 'kvm2',
  });
  expect(await admin.call('listVirtualMachines', { listall: true, hostid: host.id })).toMatchObject({ count: 1 });
  await one(cloud, 'alice').run('stopVirtualMachine');
  expect(await admin.call('listVirtualMachines', { listall: true, hostid: host.id })).toEqual({});
});

test('another card becomes the default one, and a stopped instance changes its address', async () => {
  await using cloud = await open();
  cloud.fake.addNetwork('second', 'alice');
  const nic = cloud.fake.addNic('one', 'second');
  const client = cloud.client({ user: 'alice' });
  await client.run('updateDefaultNicForVirtualMachine', { virtualmachineid: cloud.fake.vm('one').id, nicid: nic.id });
  expect(cloud.fake.vm('one').nics.map((row) => row.isDefault)).toEqual([false, true]);
  expect(await client.run('updateVmNicIp', { nicid: nic.id, ipaddress: '10.1.7.7' })).toMatchObject({ ipaddress: '10.1.7.7' });
  await one(cloud, 'alice').run('startVirtualMachine');
  expect(await refusal(client.run('updateVmNicIp', { nicid: nic.id, ipaddress: '10.1.7.8' }))).toMatch(/^job 431 /);
});

test('volumes and snapshots have tags as instances have', async () => {
  await using cloud = await open();
  const client = cloud.client({ user: 'alice' });
  const { id } = cloud.fake.volume('data');
  await client.run('createTags', { resourceids: id, resourcetype: 'Volume', tags: [{ key: 'kept', value: 'yes' }] });
  expect(await client.call('listVolumes', { id })).toMatchObject({ volume: [{ tags: [{ key: 'kept', resourcetype: 'Volume' }] }] });
  expect(await client.call('listTags', { resourcetype: 'Volume' })).toMatchObject({ count: 1, tag: [{ resourceid: id }] });
  expect(await client.call('listTags', { resourcetype: 'UserVm' })).toEqual({});
});

test('a file that no volume has is listed for import, and becomes a volume; unmanaged it is a file again', async () => {
  await using cloud = await open();
  await cloud.fake.cloud.disks.create('stranger.qcow2', 1024 ** 3);
  const client = cloud.client();
  const storageid = cloud.fake.cloud.pool.id;
  const strangers = async () =>
    ((await client.call('listVolumesForImport', { storageid })) as { volumeforimport?: Array<{ path: string }> }).volumeforimport;
  expect((await strangers())?.map(({ path }) => path)).toEqual(['stranger.qcow2']);
  const volume = (await client.run('importVolume', { storageid, path: 'stranger.qcow2', name: 'mine' })) as { id: string };
  expect(volume).toMatchObject({ name: 'mine', state: 'Ready', size: 1024 ** 3, path: 'stranger.qcow2' });
  expect(await strangers()).toBeUndefined();
  expect(await refusal(client.run('importVolume', { storageid, path: 'stranger.qcow2' }))).toMatch(/^job 530 /);
  await client.run('unmanageVolume', { id: volume.id });
  expect(existsSync(join(cloud.fake.poolPath, 'stranger.qcow2'))).toBe(true);
  expect((await strangers())?.length).toBe(1);
});

test('an instance starts where there is room, and stays stopped where there is none', async () => {
  await using cloud = await open();
  const { cloud: rows } = cloud.fake;
  rows.host.capacity = { cpu: 2, memoryMiB: 512 };
  await cloud.fake.addVm({ name: 'fills', state: 'Running' });
  expect(await refusal(one(cloud, 'alice').run('startVirtualMachine'))).toMatch(/^job 533 /);
  expect(cloud.fake.vm('one').state).toBe('Stopped');
  const second = cloud.fake.addHost('kvm2', '127.0.0.2');
  await one(cloud, 'alice').run('startVirtualMachine');
  expect(cloud.fake.vm('one').host).toBe(second);
});

test('a volume is Resizing until its job ends, also when that fails', async () => {
  await using cloud = await open();
  const client = cloud.client({ user: 'alice' });
  const { id } = cloud.fake.volume('data');
  cloud.fake.cloud.jobs.delayMs = 1000;
  const resize = async (size: number) => {
    await client.call('resizeVolume', { id, size });
    const during = cloud.fake.volume('data').state;
    cloud.fake.clock.advance(1000);
    await client.call('listVolumes', { id });
    return [during, cloud.fake.volume('data').state, cloud.fake.volume('data').sizeBytes / 1024 ** 3];
  };
  expect(await resize(3)).toEqual(['Resizing', 'Ready', 3]);
  expect(await resize(2)).toEqual(['Resizing', 'Ready', 3]);
  expect(await resize(500)).toEqual(['Resizing', 'Ready', 3]);
});
