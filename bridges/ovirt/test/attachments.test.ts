import { expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;
const NOBODY = '11111111-2222-4333-8444-555555555555';

async function rigWithBlank(): Promise<{ rig: Rig; vm: string; newDisk: () => Promise<string> }> {
  const rig = await Rig.start();
  const vm = await rig.post('/vms', { name: 'blank', cluster: { id: rig.ids.cluster }, memory: 512 * 1024 ** 2 });
  const newDisk = async () => {
    const disk = await rig.post('/disks', {
      name: 'd',
      provisioned_size: GIB,
      storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
    });
    return disk.json.id;
  };
  return { rig, vm: vm.json.id, newDisk };
}

test('a bootable disk becomes the root disk, a second one is refused, others follow', async () => {
  const { rig, vm, newDisk } = await rigWithBlank();
  await using _rig = rig;
  const [root, second, data] = [await newDisk(), await newDisk(), await newDisk()];
  const attach = (id: string, bootable: boolean) => rig.post(`/vms/${vm}/diskattachments`, { disk: { id }, bootable });

  const replies = [await attach(root, true), await attach(second, true), await attach(data, false), await attach(root, false)];
  const listed = await rig.get(`/vms/${vm}/diskattachments?follow=disk`);

  expect(replies.map((reply) => reply.status)).toEqual([201, 409, 201, 409]);
  expect(replies[0]?.json).toMatchObject({ id: root, bootable: 'true', disk: { id: root }, vm: { id: vm } });
  expect(listed.json.disk_attachment).toMatchObject([
    { id: root, disk: { name: 'd', status: 'ok' } },
    { id: data, bootable: 'false' },
  ]);
  expect((await rig.get(`/vms/${vm}/diskattachments/${data}`)).json.id).toBe(data);
  expect((await rig.get(`/vms/${vm}/diskattachments/${second}`)).status).toBe(404);
});

test('a disk that is described instead of named is made and attached', async () => {
  const { rig, vm } = await rigWithBlank();
  await using _rig = rig;

  const reply = await rig.post(`/vms/${vm}/diskattachments`, {
    bootable: true,
    disk: { name: 'inline', provisioned_size: GIB, format: 'cow', storage_domains: { storage_domain: [{ id: rig.ids.pool }] } },
  });

  expect(reply.status).toBe(201);
  expect(rig.fake.volume('inline')).toMatchObject({ type: 'ROOT', vm: { id: vm } });
});

test('ovirt 12.10: DELETE only detaches, unless it is told to remove the disk', async () => {
  const { rig, vm, newDisk } = await rigWithBlank();
  await using _rig = rig;
  const [kept, gone] = [await newDisk(), await newDisk()];
  for (const id of [kept, gone]) await rig.post(`/vms/${vm}/diskattachments`, { disk: { id }, bootable: false });

  const replies = [
    await rig.delete(`/vms/${vm}/diskattachments/${kept}`),
    await rig.delete(`/vms/${vm}/diskattachments/${gone}?detach_only=false`),
    await rig.delete(`/vms/${vm}/diskattachments/${kept}`),
  ];

  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 404]);
  expect([(await rig.get(`/disks/${kept}`)).status, (await rig.get(`/disks/${gone}`)).status]).toEqual([200, 404]);
});

test('a disk of another account goes to the owner of the VM', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{}] });
  const disk = await rig.post('/disks', { name: 'd', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } });

  const reply = await rig.post(`/vms/${vm.id}/diskattachments`, { disk: { id: disk.json.id } });

  expect(reply.status).toBe(201);
  expect(rig.fake.volume(disk.json.id).owner.name).toBe('alice');
});

test.each([
  ['nothing', {}, 400, 'DiskAttachment [disk] required for add'],
  ['a disk that is not there', { disk: { id: NOBODY } }, 404, NOBODY],
  ['the disk of a snapshot', { disk: { id: NOBODY, snapshot: { id: NOBODY } } }, 409, 'use the backup API'],
])('attaching %s is refused', async (_what, body, status, text) => {
  const { rig, vm } = await rigWithBlank();
  await using _rig = rig;

  const reply = await rig.post(`/vms/${vm}/diskattachments`, body);

  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
});

test('ovirt 12.6: what CloudStack refuses about a disk is a conflict in its words', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });
  rig.fake.addVmSnapshot('web-01', 'before');
  const disk = await rig.post('/disks', { name: 'd', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } });

  const reply = await rig.post(`/vms/${vm.id}/diskattachments`, { disk: { id: disk.json.id } });

  expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('Instance Snapshots')]);
});

test('a PUT tells what is', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const id = rig.fake.volume('root').id;

  const reply = await rig.put(`/vms/${vm.id}/diskattachments/${id}`, { interface: 'sata', active: false });

  expect([reply.status, reply.json.active, reply.json.bootable]).toEqual([200, 'true', 'true']);
});

test('NICs: added by profile or name, with their MAC where it is free, removed but for the default one', async () => {
  const { rig, vm } = await rigWithBlank();
  await using _rig = rig;
  const path = `/vms/${vm}/nics`;

  const first = await rig.post(path, { name: 'nic1', vnic_profile: { id: rig.ids.network }, mac: { address: '02:00:00:aa:bb:cc' } });
  const second = await rig.post(path, { vnic_profile: { name: 'net-alice' } });
  const listed = (await rig.get(path)).json.nic as { id: string; name: string }[];
  const removed = await rig.delete(`${path}/${second.json.id}`);
  const last = await rig.delete(`${path}/${first.json.id}`);

  expect([first.status, first.json.mac, second.status]).toEqual([201, { address: '02:00:00:aa:bb:cc' }, 201]);
  expect(listed.map((nic) => nic.name)).toEqual(['nic1', 'nic2']);
  expect(second.json.vnic_profile).toMatchObject({ id: rig.fake.cloud.networks.find((one) => one.name === 'net-alice')?.id });
  expect([removed.status, last.status]).toEqual([200, 409]);
});

test('a MAC that is taken is given up with a warning', async () => {
  const { rig, vm } = await rigWithBlank();
  await using _rig = rig;
  await rig.fake.addVm({ name: 'old', disks: [{}] });
  const { mac } = rig.fake.addNic('old', 'net-admin');

  const nic = await rig.post(`/vms/${vm}/nics`, { vnic_profile: { id: rig.ids.network }, mac: { address: mac } });

  expect(nic.status).toBe(201);
  expect((nic.json.mac as { address: string }).address).not.toBe(mac);
  expect((await rig.get('/events?search=address')).json.event).toMatchObject([{ severity: 'warning', vm: { id: vm } }]);
});

test.each([
  ['no profile', {}, 400, 'Nic [vnic_profile] required for add'],
  ['a profile that is not there', { vnic_profile: { id: NOBODY } }, 404, NOBODY],
  ['a MAC that is none', { vnic_profile: { id: 'NET' }, mac: { address: 'aa:bb' } }, 400, 'six pairs'],
])('a NIC with %s is refused', async (_what, body, status, text) => {
  const { rig, vm } = await rigWithBlank();
  await using _rig = rig;

  const reply = await rig.post(`/vms/${vm}/nics`, JSON.parse(JSON.stringify(body).replace('NET', rig.ids.network)));

  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
});

test('a NIC moves to another network', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });
  rig.fake.addNic('web-01', 'net-admin');
  const [second, third] = [rig.fake.addNetwork('second', 'admin'), rig.fake.addNetwork('third', 'admin')];
  const nic = await rig.post(`/vms/${vm.id}/nics`, { vnic_profile: { id: second.id } });

  const moved = await rig.put(`/vms/${vm.id}/nics/${nic.json.id}`, { vnic_profile: { id: third.id } });

  expect([moved.status, moved.json.vnic_profile]).toEqual([200, { href: expect.any(String), id: third.id }]);
  expect(moved.json.mac).toEqual(nic.json.mac);
});

test('events: told, numbered, found, and private', async () => {
  await using rig = await Rig.start();
  const tell = (description: string, user?: string) =>
    rig.post('/events', { description, severity: 'normal', origin: 'vm_backup.py', custom_id: 7 }, user === undefined ? {} : { user });

  const first = await tell('backup started of web-01');
  await tell('backup ended of web-01');
  await tell('something of bob', 'bob@tenants');
  const descriptions = async (query: string, user = 'alice@tenants') =>
    ((await rig.get(`/events${query}`, { user })).json.event as { description: string }[]).map((event) => event.description);

  expect([first.status, first.json]).toMatchObject([
    201,
    { description: 'backup started of web-01', origin: 'vm_backup.py', custom_id: '7', severity: 'normal' },
  ]);
  expect(await descriptions('', 'admin@internal')).toEqual(['something of bob', 'backup ended of web-01', 'backup started of web-01']);
  expect(await descriptions(';from=1?max=1', 'admin@internal')).toEqual(['something of bob']);
  expect(await descriptions('?search=ended', 'admin@internal')).toEqual(['backup ended of web-01']);
  expect([await descriptions('', 'bob@tenants'), await descriptions('')]).toEqual([['something of bob'], []]);
  expect((await rig.get(`/events/${first.json.id}`)).json.description).toBe('backup started of web-01');
  expect((await rig.get(`/events/${first.json.id}`, { user: 'bob@tenants' })).status).toBe(404);
  expect([(await rig.get('/events/77')).status, (await rig.get('/events?from=x')).status, (await rig.post('/events', {})).status]).toEqual([
    404, 400, 400,
  ]);
});
