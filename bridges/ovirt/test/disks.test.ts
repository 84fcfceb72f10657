import { execFileSync } from 'node:child_process';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;
const NOBODY = '11111111-2222-4333-8444-555555555555';

function wish(rig: Rig, size: number, more: object = {}): object {
  return { name: 'disk-1', provisioned_size: size, storage_domains: { storage_domain: [{ id: rig.ids.pool }] }, ...more };
}

function virtualSize(file: string): number {
  return JSON.parse(execFileSync('qemu-img', ['info', '--output=json', file], { encoding: 'utf8' }))['virtual-size'];
}

test.each([
  [3.5 * GIB, 4 * GIB],
  [GIB, GIB],
  [GIB + 1, 2 * GIB],
  [1, GIB],
])('a disk of %d bytes has %d, and says so', async (asked, made) => {
  await using rig = await Rig.start();

  const disk = await rig.post('/disks', wish(rig, asked));

  expect([disk.status, disk.json.provisioned_size, disk.json.status]).toEqual([201, String(made), 'ok']);
  expect(virtualSize(rig.fake.volumePath(disk.json.id))).toBe(made);
});

test.each([
  ['no size', { provisioned_size: undefined }, 400, 'Disk [provisioned_size] required for add'],
  ['no storage', { storage_domains: undefined }, 400, 'Disk [storage_domains] required for add'],
  ['a size below zero', { provisioned_size: -1 }, 400, 'more than 0 bytes'],
  ['a size beyond reason', { provisioned_size: 2 ** 52 }, 400, 'at most 64 TiB'],
  ['two storages', { storage_domains: { storage_domain: [{ id: NOBODY }, { id: NOBODY }] } }, 400, 'exactly one storage domain'],
  ['a storage that is not there', { storage_domains: { storage_domain: [{ id: NOBODY }] } }, 404, NOBODY],
  ['an id that is none', { id: '4' }, 400, '4 is not a UUID'],
])('a disk with %s is refused', async (_what, more, status, text) => {
  await using rig = await Rig.start();

  const reply = await rig.post('/disks', wish(rig, GIB, more));

  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
  expect(rig.fake.calls).not.toContain('createVolume');
});

test('a client may choose the id, once', async () => {
  await using rig = await Rig.start();

  const first = await rig.post('/disks', wish(rig, GIB, { id: NOBODY }));
  const second = await rig.post('/disks', wish(rig, GIB, { id: NOBODY }));

  expect([first.status, first.json.id, second.status]).toEqual([201, NOBODY, 409]);
});

test('a tenant gets a disk that is his and lies where he asked', async () => {
  await using rig = await Rig.start();

  const disk = await rig.post('/disks', wish(rig, GIB), { user: 'alice@tenants' });

  expect(disk.status).toBe(201);
  expect(rig.fake.volume(disk.json.id)).toMatchObject({ state: 'Ready', owner: { name: 'alice' } });
  expect((await rig.get(`/disks/${disk.json.id}`, { user: 'bob@tenants' })).status).toBe(404);
});

test('a disk that takes long is locked until it is there', async () => {
  await using rig = await Rig.start({ cloud: { jobDelayMs: 60_000 } });
  const posting = rig.post('/disks', wish(rig, GIB, { description: 'slow' }));
  let answered = false;
  void posting.then(() => {
    answered = true;
  });
  await until(
    () => {
      rig.clock.advance(1000);
      return answered;
    },
    { what: 'an answer before the disk is there' },
  );

  const made = await posting;
  const between = await rig.get(`/disks/${made.json.id}`);
  const transfer = await rig.post('/imagetransfers', { disk: { id: made.json.id } });
  rig.fake.clock.advance(60_000);
  rig.clock.advance(5000);
  const ended = await rig.settled(`/disks/${made.json.id}`, 'ok', 'status');

  expect([made.status, made.json.status, between.json.status, transfer.status]).toEqual([202, 'locked', 'locked', 409]);
  expect(ended.json.description).toBe('slow');
});

test('a disk grows and never shrinks, and takes another name and description', async () => {
  await using rig = await Rig.start();
  const { json } = await rig.post('/disks', wish(rig, GIB));
  const path = `/disks/${json.id}`;

  const grown = await rig.put(path, { provisioned_size: 2 * GIB + 1, alias: 'disk-2', description: '{"backup":true}' });
  const same = await rig.put(path, { provisioned_size: 3 * GIB });
  const shrunk = await rig.put(path, { provisioned_size: GIB });

  expect([grown.status, grown.json.provisioned_size, grown.json.name, grown.json.description]).toEqual([
    200,
    String(3 * GIB),
    'disk-2',
    '{"backup":true}',
  ]);
  expect(virtualSize(rig.fake.volumePath(json.id))).toBe(3 * GIB);
  expect([same.status, shrunk.status, shrunk.json.detail]).toEqual([200, 409, expect.stringContaining('cannot get smaller')]);
});

test('DELETE removes a detached disk once, and never an attached one', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const { json } = await rig.post('/disks', wish(rig, GIB));

  const attached = await rig.delete(`/disks/${rig.fake.volume('root').id}`);
  const replies = [await rig.delete(`/disks/${json.id}`), await rig.delete(`/disks/${json.id}`)];

  expect([attached.status, attached.json.detail]).toEqual([409, expect.stringContaining('VM web-01 has it')]);
  expect(replies.map((reply) => [reply.status, reply.json.status])).toEqual([
    [200, 'complete'],
    [404, undefined],
  ]);
  expect(vm.id).toBeDefined();
});

test('ovirt 12.10: actions: what changes nothing succeeds, the rest is refused', async () => {
  await using rig = await Rig.start();
  const { json } = await rig.post('/disks', wish(rig, GIB));
  const action = (name: string, body: object = {}) => rig.post(`/disks/${json.id}/${name}`, body);

  const good = [await action('reduce'), await action('convert', { disk: { format: 'cow' } })];
  const bad = [
    await action('copy'),
    await action('move'),
    await action('export'),
    await action('sparsify'),
    await action('convert', { disk: { format: 'raw' } }),
  ];

  expect(good.map((reply) => reply.status)).toEqual([200, 200]);
  expect(bad.map((reply) => reply.status)).toEqual([409, 409, 409, 409, 409]);
});

test('disks are found by name, VM and storage', async () => {
  await using rig = await Rig.start({
    prepare: async (fake) => {
      await fake.addVm({ name: 'web-01', disks: [{ name: 'root-1' }, { name: 'data-1' }] });
      await fake.addVm({ name: 'web-02', disks: [{ name: 'root-2' }] });
    },
  });
  const names = async (search: string) =>
    ((await rig.get(`/disks?search=${encodeURIComponent(search)}`)).json.disk as { name: string }[]).map((disk) => disk.name).toSorted();

  expect(await names('name=root-*')).toEqual(['root-1', 'root-2']);
  expect(await names('alias=data-1')).toEqual(['data-1']);
  expect(await names('vm_names=web-01')).toEqual(['data-1', 'root-1']);
  expect(await names(`storage=${rig.fake.cloud.pools[0]?.name} and bootable=true`)).toEqual(['root-1', 'root-2']);
  expect((await rig.get('/disks?search=colour=red')).status).toBe(400);
  expect(((await rig.get('/disks?max=2')).json.disk as unknown[]).length).toBe(2);
  expect(((await rig.get(`/storagedomains/${rig.ids.pool}/disks`)).json.disk as unknown[]).length).toBe(3);
});
