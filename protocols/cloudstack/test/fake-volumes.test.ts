import { execFile } from 'node:child_process';
import { copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { readVirtualMachine, readVolume } from '../src/index.ts';
import { type Cloud, failure, openCloud } from './support.ts';

const GIB = 1024 ** 3;

async function infoOf(file: string): Promise<{ format: string; 'virtual-size': number }> {
  const { stdout } = await promisify(execFile)('qemu-img', ['info', '--output=json', file]);
  return JSON.parse(stdout) as { format: string; 'virtual-size': number };
}

function custom({ fake }: Cloud): { zoneid: string; diskofferingid: string } {
  return { zoneid: fake.cloud.zone.id, diskofferingid: fake.cloud.diskOfferings.find((row) => row.sizeGiB === 0)?.id ?? '' };
}

describe('volumes are files', () => {
  test('createVolume with storageid makes a qcow2 file at once, listVolumes says which', async () => {
    await using cloud = await openCloud();
    const made = await cloud.client().run('createVolume', { name: 'a', ...custom(cloud), size: 3, storageid: cloud.fake.cloud.pool.id });
    const [volume] = await cloud.client().list('listVolumes', readVolume, { id: readVolume(made).id });
    expect([volume?.state, volume?.size, volume?.storageid]).toEqual(['Ready', 3 * GIB, cloud.fake.cloud.pool.id]);
    const file = join(cloud.fake.poolPath, volume?.path ?? '');
    expect(file).toBe(cloud.fake.volumePath('a'));
    expect(await infoOf(file)).toMatchObject({ format: 'qcow2', 'virtual-size': 3 * GIB });
    expect(volume?.physicalsize).toBe((await stat(file)).blocks * 512);
  });

  test('an ordinary account has its storageid ignored', async () => {
    await using cloud = await openCloud();
    const params = { name: 'a', ...custom(cloud), size: 1, storageid: cloud.fake.cloud.pool.id };
    const volume = readVolume(await cloud.client({ user: 'alice' }).run('createVolume', params));
    expect([volume.state, volume.path]).toEqual(['Allocated', undefined]);
    expect(await readdir(cloud.fake.poolPath)).toEqual([]);
  });

  test('an existing image becomes a disk: copied from elsewhere, as it lies in the pool', async () => {
    await using cloud = await openCloud();
    await using folder = await tempDir();
    await cloud.fake.addVm({ name: 'first', disks: [{ name: 'origin', sizeGiB: 2 }] });
    const outside = join(folder.path, 'image.qcow2');
    await copyFile(cloud.fake.volumePath('origin'), outside);
    await copyFile(outside, join(cloud.fake.poolPath, 'inside.qcow2'));
    await cloud.fake.addVm({
      name: 'second',
      disks: [
        { name: 'a', file: outside },
        { name: 'b', file: join(cloud.fake.poolPath, 'inside.qcow2') },
      ],
    });
    expect([cloud.fake.volume('a').sizeBytes, cloud.fake.volume('b').path]).toEqual([2 * GIB, 'inside.qcow2']);
    expect(cloud.fake.volumePath('a')).not.toBe(outside);
    expect((await infoOf(cloud.fake.volumePath('a')))['virtual-size']).toBe(2 * GIB);
  });

  test('resizeVolume changes the file, deleteVolume removes it', async () => {
    await using cloud = await openCloud();
    const client = cloud.client();
    const made = readVolume(
      await client.run('createVolume', { name: 'a', ...custom(cloud), size: 1, storageid: cloud.fake.cloud.pool.id }),
    );
    await client.run('resizeVolume', { id: made.id, size: 2 });
    expect((await infoOf(cloud.fake.volumePath('a')))['virtual-size']).toBe(2 * GIB);
    const refused = await failure(client.run('resizeVolume', { id: made.id, size: 1 }), 'CLOUDSTACK_JOB_FAILED');
    expect(refused.errorCode).toBe(432);
    await client.run('resizeVolume', { id: made.id, size: 1, shrinkok: true });
    await client.call('deleteVolume', { id: made.id });
    expect(await readdir(cloud.fake.poolPath)).toEqual([]);
    expect(await client.list('listVolumes', readVolume, { id: made.id })).toEqual([]);
  });
});

describe('a restore', () => {
  test('goes over a blank instance, an attached root, a card and a start', async () => {
    await using cloud = await openCloud({ jobDelayMs: 1000 });
    const client = cloud.client();
    const [offering] = cloud.fake.cloud.serviceOfferings;
    const common = {
      zoneid: cloud.fake.cloud.zone.id,
      serviceofferingid: offering?.id,
      hypervisor: 'KVM',
      blankinstance: true,
      startvm: false,
    };
    const vm = readVirtualMachine(await client.run('deployVirtualMachine', { name: 'restored', ...common }));
    expect([vm.state, vm.nic, vm.templatename]).toEqual(['Stopped', [], 'kvm-blank-vm-template']);
    const none = await failure(client.run('startVirtualMachine', { id: vm.id }), 'CLOUDSTACK_JOB_FAILED');
    expect(none.errorCode).toBe(530);
    const volume = readVolume(
      await client.run('createVolume', { name: 'root', ...custom(cloud), size: 1, storageid: cloud.fake.cloud.pool.id }),
    );
    const attached = readVolume(await client.run('attachVolume', { id: volume.id, virtualmachineid: vm.id, deviceid: 0 }));
    expect([attached.type, attached.deviceid]).toEqual(['ROOT', 0]);
    const network = cloud.fake.cloud.networks.find((row) => row.name === 'net-admin')?.id;
    const nic = { virtualmachineid: vm.id, networkid: network, macaddress: '02:00:00:00:00:07', ipaddress: '10.1.1.77' };
    const after = readVirtualMachine(await client.run('addNicToVirtualMachine', nic));
    expect(after.nic.map(({ macaddress, ipaddress, isdefault }) => [macaddress, ipaddress, isdefault])).toEqual([
      ['02:00:00:00:00:07', '10.1.1.77', true],
    ]);
    await client.run('startVirtualMachine', { id: vm.id });
    expect(cloud.fake.vm('restored').state).toBe('Running');
  });

  test('expunging takes the root file and the named data disks, and leaves the others', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{ name: 'root' }, { name: 'named' }, { name: 'kept' }] });
    const kept = cloud.fake.volumePath('kept');
    const volumeids = [cloud.fake.volume('named').id];
    await cloud.client().run('destroyVirtualMachine', { id: vm.id, expunge: true, volumeids });
    expect(await readdir(cloud.fake.poolPath)).toEqual([kept.slice(cloud.fake.poolPath.length + 1)]);
    expect(cloud.fake.volume('kept').vm).toBeUndefined();
    const gone = await failure(cloud.client().run('startVirtualMachine', { id: vm.id }), 'CLOUDSTACK_JOB_FAILED');
    expect(gone.errorCode).toBe(431);
  });

  test('data disks take slots, but not the one of the CD-ROM', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}, {}, {}] });
    const client = cloud.client();
    const made = readVolume(await client.run('createVolume', { name: 'a', ...custom(cloud), size: 1 }));
    expect(readVolume(await client.run('attachVolume', { id: made.id, virtualmachineid: vm.id })).deviceid).toBe(4);
  });
});
