import { expect, test } from 'vitest';
import type { Volume } from '../src/fake/index.ts';
import { type BackupRig, openBackups, refusal } from './backup-support.ts';
import { openCloud } from './support.ts';

/** A new volume of a customized offering; with `storageid` where that is given. */
async function create(rig: BackupRig, user: string, storageid?: string): Promise<Volume> {
  const { cloud } = rig.cloud.fake;
  const diskofferingid = cloud.diskOfferings.find((row) => row.sizeGiB === 0)?.id ?? '';
  const params = { name: `new-${user}`, zoneid: cloud.zone.id, diskofferingid, size: 1, storageid };
  const { id } = (await rig.cloud.client({ user }).run('createVolume', params)) as { id: string };
  return rig.cloud.fake.volume(id);
}

test('37 an upload whose finalize failed can never be finalized, and its volume never gets another transfer', async () => {
  await using rig = await openBackups();
  const volume = await create(rig, 'admin', rig.cloud.fake.cloud.pool.id);
  const { id } = await rig.upload(volume, { format: 'cow' });
  rig.refuse('finalizeImageTransfer');
  expect(await refusal(rig.client.call('finalizeImageTransfer', { id }))).toBe('530 Failed to finalize image transfer: no');
  for (let again = 0; again < 2; again++)
    expect(await refusal(rig.client.call('finalizeImageTransfer', { id }))).toMatch(/^530 Failed to transition state during upload/);
  expect(await rig.item('listVolumes', { id: volume.id })).toMatchObject({ state: 'Ready' });
  expect(await refusal(rig.upload(volume))).toMatch(/^530 Image transfer already exists/);
  expect(await rig.client.call('deleteVolume', { id: volume.id })).toEqual({ success: true });
  expect(await rig.items('listImageTransfers')).toMatchObject([{ id, volumeid: volume.id, phase: 'transferring' }]);
});

test('37 a volume that is being uploaded to can be neither attached nor deleted', async () => {
  await using rig = await openBackups();
  const volume = await create(rig, 'admin', rig.cloud.fake.cloud.pool.id);
  const { id } = await rig.upload(volume);
  const attach = () => rig.client.run('attachVolume', { id: volume.id, virtualmachineid: rig.vm.id });
  expect(await refusal(attach())).toMatch(/^job 431 Volume state must be/);
  expect(await refusal(rig.client.call('deleteVolume', { id: volume.id }))).toMatch(/^530/);
  await rig.client.call('finalizeImageTransfer', { id });
  await attach();
  expect(volume.vm).toBe(rig.vm);
});

test("39 a root admin's storageid makes a volume Ready at once, which takes an upload without ever being attached", async () => {
  await using rig = await openBackups();
  const volume = await create(rig, 'admin', rig.cloud.fake.cloud.pool.id);
  expect(await rig.item('listVolumes', { id: volume.id })).toMatchObject({ state: 'Ready', storageid: rig.cloud.fake.cloud.pool.id });
  expect(await rig.upload(volume)).toMatchObject({ direction: 'upload', volumeid: volume.id });
});

test("39 an ordinary account's storageid is ignored without a word; without a pool a volume is Allocated and takes no upload", async () => {
  await using rig = await openBackups();
  for (const volume of [await create(rig, 'alice', rig.cloud.fake.cloud.pool.id), await create(rig, 'admin')]) {
    expect(volume).toMatchObject({ state: 'Allocated', pool: undefined });
    expect(await refusal(rig.upload(volume))).toBe(`530 Storage pool cannot be determined for volume: ${volume.id}`);
  }
});

test('40 a blank instance is Stopped, without cards and volumes whatever networkids say; device 0 makes a data volume its root', async () => {
  await using rig = await openBackups();
  const { cloud } = rig.cloud.fake;
  const params = {
    name: 'blank',
    zoneid: cloud.zone.id,
    serviceofferingid: cloud.serviceOfferings[0]?.id ?? '',
    hypervisor: 'KVM',
    blankinstance: true,
    networkids: [cloud.networks[0]?.id ?? ''],
  };
  const { id } = (await rig.client.run('deployVirtualMachine', params)) as { id: string };
  expect(await rig.item('listVirtualMachines', { id })).toMatchObject({
    state: 'Stopped',
    nic: [],
    templatename: 'kvm-blank-vm-template',
  });
  expect(await rig.items('listVolumes', { virtualmachineid: id, listall: true })).toEqual([]);
  expect(await refusal(rig.client.run('startVirtualMachine', { id }))).toMatch(/^job 530/);
  expect(await refusal(rig.client.run('startBackup', { virtualmachineid: id }))).toMatch(/^530 Host cannot be determined/);
  const volume = await create(rig, 'admin', cloud.pool.id);
  expect(volume.type).toBe('DATADISK');
  await rig.client.run('attachVolume', { id: volume.id, virtualmachineid: id, deviceid: 0 });
  expect(await rig.item('listVolumes', { id: volume.id })).toMatchObject({ type: 'ROOT', deviceid: 0, virtualmachineid: id });
  expect(await rig.client.run('startVirtualMachine', { id })).toMatchObject({ state: 'Running' });
  const alice = rig.cloud.client({ user: 'alice' });
  expect(await refusal(alice.run('deployVirtualMachine', { ...params, name: 'hers', networkids: undefined }))).toMatch(/^530 /);
});

test('41 an instance with snapshots takes no further cards', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'kept', disks: [{}] });
  const client = cloud.client();
  const networkid = cloud.fake.cloud.networks.find((row) => row.name === 'net-admin')?.id ?? '';
  await client.run('addNicToVirtualMachine', { virtualmachineid: vm.id, networkid: cloud.fake.addNetwork('second', 'admin').id });
  cloud.fake.addVmSnapshot('kept', 'before');
  expect(await refusal(client.run('addNicToVirtualMachine', { virtualmachineid: vm.id, networkid }))).toMatch(/^job 431 /);
  expect(vm.nics).toHaveLength(2);
});

test('42 details of an instance of a customized offering must repeat its size, and only a root admin is told so', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'custom', account: 'alice', cpu: 3, memoryMiB: 3072, disks: [{}] });
  const change = (user: string, more: object) =>
    cloud.client({ user }).call('updateVirtualMachine', { id: vm.id, details: { nicAdapter: 'e1000', ...more } });
  expect(await refusal(change('admin', {}))).toMatch(/^530 .*Invalid CPU/);
  expect(await refusal(change('alice', {}))).toBe('530 Internal error executing command, please contact your system administrator');
  await change('alice', { cpuNumber: '3', memory: '3072' });
  expect(vm.details).toMatchObject({ nicAdapter: 'e1000', cpuNumber: '3' });
});
