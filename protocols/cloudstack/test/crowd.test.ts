import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readVirtualMachine, readVolume } from '../src/index.ts';
import { openCloud } from './support.ts';

const run = promisify(execFile);

test('485 instances with a volume and a card each are always the same', async () => {
  const seen: unknown[] = [];
  for (let again = 0; again < 2; again++) {
    await using cloud = await openCloud({ crowd: 485 });
    const vms = await cloud.client().list('listVirtualMachines', readVirtualMachine, { listall: true });
    const volumes = await cloud.client().list('listVolumes', readVolume, { listall: true });
    seen.push([
      vms.map(({ id, name, state, account, nic }) => [
        id,
        name,
        state,
        account,
        nic.map((card) => [card.id, card.macaddress, card.ipaddress]),
      ]),
      volumes.map(({ id, name, state, virtualmachineid, size }) => [id, name, state, virtualmachineid, size]),
    ]);
    expect([vms.length, volumes.length]).toEqual([485, 485]);
    expect(vms.every((vm) => vm.nic.length === 1)).toBe(true);
    expect(new Set(vms.flatMap((vm) => vm.nic.map((card) => card.macaddress))).size).toBe(485);
    expect(new Set(vms.map((vm) => vm.state))).toEqual(new Set(['Running', 'Stopped']));
  }
  expect(seen[0]).toEqual(seen[1]);
});

test('volumes of the crowd are real qcow2 images that take little room', async () => {
  await using cloud = await openCloud({ crowd: 3 });
  const path = cloud.fake.volumePath('ROOT-vm-0003');
  const { stdout } = await run('qemu-img', ['info', '--output=json', path]);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 1024 ** 3 });
  await run('qemu-img', ['check', path]);
  const made = await cloud.fake.addVm({ name: 'by-hand', disks: [{}] });
  expect(made.nics[0]?.ip).toMatch(/^10\.1\.[0-9]\./);
});

test('a call is charged by its items and details, and nothing is charged until that is asked for', async () => {
  await using cloud = await openCloud({ crowd: 100 });
  const client = cloud.client();
  await client.call('listVirtualMachines', { listall: true });
  const sleeps: number[] = [];
  const time = { now: () => 0, sleep: (ms: number) => Promise.resolve(void sleeps.push(Math.round(ms))) };
  cloud.fake.costs.set({ cores: 1000, time });
  await client.call('listVirtualMachines', { listall: true });
  await client.call('listVirtualMachines', { listall: true, details: ['servoff', 'tmpl'] });
  await client.call('listVirtualMachines', { listall: true, page: 1, pagesize: 20 });
  await client.call('listVolumes', { listall: true });
  await client.call('listCapabilities');
  expect(sleeps).toEqual([551, 229, 123, 214, 10]);
});

test('accounts of the crowd have no limits, so that they can be worked with', async () => {
  await using cloud = await openCloud({ crowd: 90 });
  const { zone, diskOfferings } = cloud.fake.cloud;
  const wish = { name: 'more', zoneid: zone.id, diskofferingid: diskOfferings[0]?.id };
  expect(await cloud.client({ user: 'alice' }).run('createVolume', wish)).toMatchObject({ account: 'alice' });
});
