import type { StoragePool } from '@fairlead/cloudstack';
import { readCollection, readResource } from '@fairlead/ovirt/codec';
import { expect, test } from 'vitest';
import { hrefs } from '../src/map/href.ts';
import { toStorageDomains } from '../src/map/storage-domain.ts';
import { startHarness } from './harness.ts';
import { Rig } from './support/rig.ts';

/** Weaknesses of earlier gateways (ovirt 12.1, 12.2) that no other test names: here they are not. */

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

test('ovirt 12.8: a VM gets the processors, the memory and the firmware that were asked for', async () => {
  await using rig = await Rig.start();
  const wish = {
    name: 'sized',
    cluster: { id: rig.ids.cluster },
    memory: 1536 * MIB,
    cpu: { topology: { sockets: 3, cores: 1, threads: 1 } },
  };
  const plain = await rig.post('/vms', { ...wish, bios: { type: 'q35_sea_bios' } });
  const vm = rig.fake.vm('sized');

  expect(plain.status).toBe(201);
  expect([vm.cpu, vm.memoryMiB]).toEqual([3, 1536]);
  const told = readResource('vm', (await rig.get(`/vms/${plain.json.id}`)).text);
  expect(told).toMatchObject({ memory: 1536 * MIB, bios: { type: expect.stringContaining('sea_bios') } });
});

test.each([
  '/ovirt-engine/api/vms/services/',
  '/ovirt-engine/api/sso/../vms',
  '/ovirt-engine/api/vms;/services/',
  '/ovirt-engine/api//services/vms',
  '/ovirt-engine/api/v4/sso/vms',
])('ovirt 12.19: no word in the path %s opens what needs credentials', async (path) => {
  await using harness = await startHarness();

  const reply = await harness.call(path, { user: null });

  expect([401, 404]).toContain(reply.status);
  expect(reply.text).not.toContain('"vm"');
});

test('ovirt 12.20, 12.43: sizes of storage and hosts are those of the cloud', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web', disks: [{ name: 'root' }] }) });
  await harness.listed();
  const [domain] = readCollection('storage_domain', (await harness.api('/storagedomains')).text);
  const [host] = readCollection('host', (await harness.api('/hosts')).text);
  const [vm] = readCollection('vm', (await harness.api('/vms')).text);
  const [disk] = readCollection('disk', (await harness.api('/disks')).text);

  const pool = { id: 'p', name: 'p', state: 'Up', type: 'NetworkFilesystem', disksizetotal: 100, disksizeused: 30, disksizeallocated: 50 };
  const [told] = toStorageDomains([pool as StoragePool], hrefs('/api'), () => true);
  expect(told).toMatchObject({ available: 70, used: 30, committed: 50 });
  expect(domain?.available).toBeGreaterThan(0);
  const { sockets = 0, cores = 0, threads = 0 } = host?.cpu?.topology ?? {};
  const listed = harness.fake.cloud.hosts[0];
  expect(sockets * cores * threads).toBeGreaterThan(0);
  expect(sockets * cores * threads).toBeLessThanOrEqual(512);
  expect(host?.name).toBe(listed?.name);
  // A stopped VM has a cluster, and its dates are milliseconds since 1970.
  expect([vm?.status, vm?.cluster?.id]).toEqual(['down', harness.fake.cloud.clusters[0]?.id]);
  expect(vm?.creation_time).toBeGreaterThan(Date.UTC(2000, 0, 1));
  expect(disk?.provisioned_size).toBeGreaterThanOrEqual(MIB);
});

test('ovirt 12.43: a card has a name of oVirt', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web', disks: [{ name: 'root' }] }) });
  await harness.listed();
  const [vm] = readCollection('vm', (await harness.api('/vms')).text);
  const nics = readCollection('nic', (await harness.api(`/vms/${vm?.id}/nics`)).text);

  expect(nics.length).toBeGreaterThan(0);
  expect(nics.every(({ name }) => /^nic\d+$/.test(name ?? ''))).toBe(true);
});

test('ovirt 12.21: a snapshot is refused, never pretended', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web', disks: [{ name: 'root' }] });
  const before = rig.fake.calls.length;

  expect((await rig.post(`/vms/${vm.id}/snapshots`, { description: 'x' })).status).toBe(405);
  expect((await rig.get(`/vms/${vm.id}/snapshots`)).status).toBe(200);
  expect(rig.fake.calls.slice(before).filter((call) => /snapshot/i.test(call) && !/^list/.test(call))).toEqual([]);
});

test('ovirt 12.32: a VM stands once in its list however much hangs on it, and pages count VMs', async () => {
  await using harness = await startHarness({
    prepare: async (fake) => {
      for (const name of ['a', 'b', 'c']) {
        await fake.addVm({ name, tags: { one: '1', two: '2' }, disks: [{ name: `${name}-root` }, { name: `${name}-data` }] });
      }
    },
  });
  await harness.listed();
  const names = async (query: string) => readCollection('vm', (await harness.api(`/vms${query}`)).text).map(({ name }) => name);

  expect((await names('')).toSorted()).toEqual(['a', 'b', 'c']);
  expect(await names('?max=2&search=sortby%20name%20page%201')).toEqual(['a', 'b']);
  expect(await names('?max=2&search=sortby%20name%20page%202')).toEqual(['c']);
  expect(await names('?search=name%3Db')).toEqual(['b']);
  expect((await names('?max=-5')).length).toBe(3);
  expect(readCollection('disk', (await harness.api('/disks')).text).length).toBe(6);
});

test('ovirt 12.40, 12.42: a backup asks nothing of CloudStack’s own backup framework, nor of its export commands', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web', disks: [{ name: 'root' }] });
  const { json } = await rig.post(`/vms/${vm.id}/backups`);
  await rig.settled(`/vms/${vm.id}/backups/${json.id}`, 'ready');
  await rig.post(`/vms/${vm.id}/backups/${json.id}/finalize`);

  expect(rig.fake.calls.length).toBeGreaterThan(0);
  expect(rig.fake.calls.filter((call) => /backup|export|imagetransfer/i.test(call))).toEqual([]);
});

test('ovirt 12.16, 12.34: backups are listed, and so are their disks', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web', disks: [{ name: 'root' }, { name: 'data' }] });
  const { json } = await rig.post(`/vms/${vm.id}/backups`);
  const path = `/vms/${vm.id}/backups/${json.id}`;
  await rig.settled(path, 'ready');

  expect(readCollection('backup', (await rig.get(`/vms/${vm.id}/backups`)).text).map(({ id, href }) => [id, href])).toEqual([
    [json.id, `/ovirt-engine/api${path}`],
  ]);
  const disks = readCollection('disk', (await rig.get(`${path}/disks`)).text);
  expect(disks.map(({ provisioned_size: size }) => (size ?? 0) >= GIB / 1024)).toEqual([true, true]);
  expect((await rig.get(`/vms/${vm.id}/checkpoints`)).status).toBe(200);
});
