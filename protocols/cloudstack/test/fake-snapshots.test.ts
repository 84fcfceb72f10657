import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refusal } from './backup-support.ts';
import { type Cloud, openCloud } from './support.ts';

/** Writes one byte, many times, to the beginning of a volume. */
function write(cloud: Cloud, volume: string, byte: string): void {
  execFileSync('qemu-io', ['-f', 'qcow2', '-c', `write -P ${byte} 0 64k`, cloud.fake.volumePath(volume)], { timeout: 20_000 });
}

function holds(cloud: Cloud, volume: string, byte: string): boolean {
  const args = ['-f', 'qcow2', '-r', '-c', `read -P ${byte} 0 64k`, cloud.fake.volumePath(volume)];
  return !execFileSync('qemu-io', args, { timeout: 20_000 }).toString().includes('verification failed');
}

async function open(state: 'Running' | 'Stopped'): Promise<Cloud> {
  const cloud = await openCloud();
  await cloud.fake.addVm({ name: 'one', account: 'alice', state, disks: [{ name: 'root' }, { name: 'data' }] });
  return cloud;
}

test('a snapshot of a volume is Creating until its job ends, keeps the content, and gives it to a new volume', async () => {
  await using cloud = await open('Stopped');
  const client = cloud.client({ user: 'alice' });
  write(cloud, 'data', '0x11');
  cloud.fake.cloud.jobs.delayMs = 1000;
  const states = async () => {
    const { snapshot } = (await client.call('listSnapshots')) as { snapshot: Array<{ state: string; volumestate: string }> };
    return snapshot.map((row) => [row.state, row.volumestate]);
  };
  const { id: snapshotid } = (await client.call('createSnapshot', { volumeid: cloud.fake.volume('data').id })) as { id: string };
  expect(await states()).toEqual([['Creating', 'Snapshotting']]);
  cloud.fake.clock.advance(1000);
  expect(await states()).toEqual([['BackedUp', 'Ready']]);
  write(cloud, 'data', '0x22');
  const volume = (await client.run('createVolume', { name: 'again', snapshotid, zoneid: cloud.fake.cloud.zone.id })) as { id: string };
  expect(volume).toMatchObject({ state: 'Ready', size: 1024 ** 3 });
  expect([holds(cloud, volume.id, '0x11'), holds(cloud, 'data', '0x22')]).toEqual([true, true]);
});

test('a deleted snapshot leaves the list and the disk, and cannot be deleted again', async () => {
  await using cloud = await open('Stopped');
  const client = cloud.client({ user: 'alice' });
  const { id } = (await client.run('createSnapshot', { volumeid: cloud.fake.volume('data').id })) as { id: string };
  const file = cloud.fake.cloud.disks.pathOf(cloud.fake.cloud.snapshots[0]?.path ?? '');
  expect([existsSync(file), ((await client.call('listSnapshots')) as { count: number }).count]).toEqual([true, 1]);
  await client.run('deleteSnapshot', { id });
  expect([existsSync(file), await client.call('listSnapshots')]).toEqual([false, {}]);
  expect(await refusal(client.run('deleteSnapshot', { id }))).toMatch(/^job 431 .* already destroyed/);
});

test('a snapshot of a running instance is refused as KVM does, until kvm.snapshot.enabled; somebody else never may', async () => {
  await using cloud = await open('Running');
  const client = cloud.client();
  const params = { volumeid: cloud.fake.volume('data').id };
  expect(await refusal(client.call('createSnapshot', params))).toMatch(/^530 KVM Snapshot is not supported for Running VMs/);
  expect(await refusal(cloud.client({ user: 'bob' }).call('createSnapshot', params))).toMatch(/^531 /);
  expect(cloud.fake.cloud.snapshots).toEqual([]);
  cloud.fake.cloud.snapshotsOfRunning = true;
  expect(await client.run('createSnapshot', params)).toMatchObject({ state: 'BackedUp' });
});

test('snapshots count in the limit of the account', async () => {
  await using cloud = await open('Stopped');
  cloud.fake.userRow('alice').account.limits.set(3, 1);
  const client = cloud.client({ user: 'alice' });
  const params = { volumeid: cloud.fake.volume('data').id };
  const { id } = (await client.run('createSnapshot', params)) as { id: string };
  expect(await refusal(client.call('createSnapshot', params))).toMatch(/^535 /);
  await client.run('deleteSnapshot', { id });
  await client.run('createSnapshot', params);
});

test('an instance goes back to its snapshot, disk by disk', async () => {
  await using cloud = await open('Stopped');
  const client = cloud.client({ user: 'alice' });
  const { id: virtualmachineid } = cloud.fake.vm('one');
  for (const disk of ['root', 'data']) write(cloud, disk, '0x11');
  const { id } = (await client.run('createVMSnapshot', { virtualmachineid, name: 'before' })) as { id: string };
  for (const disk of ['root', 'data']) write(cloud, disk, '0x22');
  await client.run('revertToVMSnapshot', { vmsnapshotid: id });
  expect(['root', 'data'].map((disk) => holds(cloud, disk, '0x11'))).toEqual([true, true]);
});

test('snapshots of an instance form a chain, in which a deleted one is left out', async () => {
  await using cloud = await open('Stopped');
  const client = cloud.client({ user: 'alice' });
  const { id: virtualmachineid } = cloud.fake.vm('one');
  const take = async (name: string) => ((await client.run('createVMSnapshot', { virtualmachineid, name })) as { id: string }).id;
  const [first, second, third] = [await take('first'), await take('second'), await take('third')];
  await client.run('deleteVMSnapshot', { vmsnapshotid: second });
  const { vmSnapshot } = (await client.call('listVMSnapshot', { virtualmachineid })) as { vmSnapshot: object[] };
  expect(vmSnapshot).toMatchObject([
    { id: third, parent: first, parentName: 'first', current: true },
    { id: first, current: false },
  ]);
  await client.run('revertToVMSnapshot', { vmsnapshotid: first });
  expect(await take('fourth')).toBeDefined();
  expect(cloud.fake.vm('one').snapshots.at(-1)?.parent?.id).toBe(first);
  expect(await refusal(client.run('deleteVMSnapshot', { vmsnapshotid: second }))).toMatch(/^job 431 /);
});

test('memory is kept of a running instance only, and going back must not change whether it runs', async () => {
  await using cloud = await open('Running');
  const client = cloud.client({ user: 'alice' });
  const { id: virtualmachineid } = cloud.fake.vm('one');
  const { id } = (await client.run('createVMSnapshot', { virtualmachineid, snapshotmemory: true })) as { id: string };
  expect(await client.run('revertToVMSnapshot', { vmsnapshotid: id })).toMatchObject({ state: 'Running' });
  await client.run('stopVirtualMachine', { id: virtualmachineid });
  expect(await refusal(client.run('revertToVMSnapshot', { vmsnapshotid: id }))).toMatch(/^job 431 /);
  expect(await refusal(client.call('createVMSnapshot', { virtualmachineid, snapshotmemory: true }))).toMatch(/^431 /);
});
