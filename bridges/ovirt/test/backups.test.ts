import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { imageError, UNREACHABLE } from './support/image-stand-in.ts';
import { Rig } from './support/rig.ts';

async function rigWithVm(): Promise<{ rig: Rig; vm: string; disks: readonly string[] }> {
  const rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }, { name: 'data' }] });
  const disks = [rig.fake.volume('root').id, rig.fake.volume('data').id];
  return { rig, vm: vm.id, disks };
}

test('ovirt 12.17: a stopped VM is backed up from request to success, and is locked only meanwhile', async () => {
  const { rig, vm, disks } = await rigWithVm();
  await using _rig = rig;

  const created = await rig.post(`/vms/${vm}/backups`, { description: 'nightly' });
  const path = `/vms/${vm}/backups/${created.json.id}`;
  await rig.settled(path, 'ready');
  const seen = await rig.get(`${path}/disks`);
  const followed = await rig.get(`${path}?follow=disks`);
  const start = await rig.post(`/vms/${vm}/start`);
  const finalized = await rig.post(`${path}/finalize`);
  const ended = await rig.get(path);

  expect([created.status, created.json.phase]).toEqual([201, 'initializing']);
  expect((seen.json.disk as { id: string; backup_mode: string }[]).map((disk) => [disk.id, disk.backup_mode])).toEqual(
    disks.map((id) => [id, 'full']),
  );
  expect(start.status).toBe(409);
  expect(start.text).toContain('a backup is in progress');
  expect(followed.json.disks).toEqual(seen.json);
  expect([finalized.status, finalized.json.status]).toEqual([200, 'complete']);
  expect(ended.json.phase).toBe('succeeded');
  expect((await rig.post(`/vms/${vm}/start`)).status).toBe(200);
});

test('of backups of one VM that are begun at the same time exactly one begins', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const second = await rig.addGateway();

  const replies = await Promise.all([
    rig.post(`/vms/${vm}/backups`),
    rig.api('POST', `/vms/${vm}/backups`, {}, { origin: second.origin }),
    rig.post(`/vms/${vm}/backups`),
  ]);

  expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409, 409]);
  expect(rig.images.calls.filter((call) => call.startsWith('backups.start'))).toHaveLength(1);
});

test('ovirt 12.30, 12.34: only the disks that were asked for are part of a backup, and others cannot be read from it', async () => {
  const { rig, vm, disks } = await rigWithVm();
  await using _rig = rig;

  const created = await rig.post(`/vms/${vm}/backups`, { disks: { disk: [{ id: disks[1] }] } });
  const path = `/vms/${vm}/backups/${created.json.id}`;
  await rig.settled(path, 'ready');
  const listed = await rig.get(`${path}/disks`);
  const other = await rig.post('/imagetransfers', { disk: { id: disks[0] }, backup: { id: created.json.id }, direction: 'download' });

  expect((listed.json.disk as { id: string }[]).map((disk) => disk.id)).toEqual([disks[1]]);
  expect((await rig.get(`${path}/disks/${disks[1]}`)).json).toMatchObject({ id: disks[1], backup_mode: 'full' });
  expect((await rig.get(`${path}/disks/${disks[0]}`)).status).toBe(404);
  expect([other.status, other.json.detail]).toEqual([409, expect.stringContaining('is not part of backup')]);
});

test.each([
  ['a checkpoint that nobody has', { from_checkpoint_id: 'ckp-1a2b3c4d' }, 409, 'Checkpoint ckp-1a2b3c4d not found'],
  ['a disk of another VM', { disks: { disk: [{ id: '11111111-2222-4333-8444-555555555555' }] } }, 400, 'is not a disk of VM'],
])('ovirt 12.30: %s is refused and nothing begins', async (_what, body, status, text) => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;

  const reply = await rig.post(`/vms/${vm}/backups`, body);

  expect([reply.status, reply.json.detail]).toEqual([status, expect.stringContaining(text)]);
  expect(rig.images.calls).toEqual([]);
  expect([await rig.rows('ovirt_backups'), await rig.rows('ovirt_locks')]).toEqual([[], []]);
});

test('a running VM is refused in words that say what to do', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  await rig.post(`/vms/${vm}/start`);

  const reply = await rig.post(`/vms/${vm}/backups`);

  expect([reply.status, reply.json.detail]).toEqual([
    409,
    '[Cannot back up VM web-01: it is Running, and only stopped VMs can be backed up]',
  ]);
});

test('ovirt 12.31: an unknown VM, an unknown backup and a backup of another VM are 404', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const other = await rig.fake.addVm({ name: 'web-02', disks: [{}] });
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const nobody = '11111111-2222-4333-8444-555555555555';

  const statuses = [
    await rig.post(`/vms/${nobody}/backups`),
    await rig.get(`/vms/${nobody}/backups`),
    await rig.get(`/vms/${vm}/backups/${nobody}`),
    await rig.post(`/vms/${vm}/backups/${nobody}/finalize`),
    await rig.get(`/vms/${other.id}/backups/${json.id}`),
  ];

  expect(statuses.map((reply) => reply.status)).toEqual([404, 404, 404, 404, 404]);
});

test('finalize before the backup is ready is refused, and again after success it changes nothing', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const release = rig.images.hold('backups.start');
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;

  const early = await rig.post(`${path}/finalize`);
  release();
  await rig.settled(path, 'ready');
  const both = await Promise.all([rig.post(`${path}/finalize`), rig.post(`${path}/finalize`)]);
  const again = await rig.post(`${path}/finalize`);

  expect([early.status, early.text]).toEqual([409, expect.stringContaining('is initializing, not ready')]);
  expect([...both, again].map((reply) => [reply.status, reply.json.status])).toEqual(Array(3).fill([200, 'complete']));
  expect(rig.images.calls.filter((call) => call.endsWith(' keep'))).toHaveLength(1);
});

test('ovirt 12.17, 12.31: a backup that the host refuses has failed, tells why, and leaves the VM free', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  rig.images.fail('backups.start', imageError('IMAGE_IMAGE_IN_USE', 409, 'The image is open elsewhere'));

  const { json } = await rig.post(`/vms/${vm}/backups`, {}, { headers: { 'correlation-id': 'run-7' } });
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'failed');
  const finalize = await rig.post(`${path}/finalize`);
  const events = await rig.get(`/events?search=${json.id}`);

  expect([finalize.status, finalize.text]).toEqual([409, expect.stringContaining('The image is open elsewhere')]);
  expect(events.json.event).toMatchObject([
    { severity: 'error', correlation_id: 'run-7', vm: { id: vm }, description: expect.stringContaining('open elsewhere') },
  ]);
  expect((await rig.post(`/vms/${vm}/backups`)).status).toBe(201);
});

test('a host that is away while a backup is finalized keeps it finalizing; it succeeds when the host is back', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');
  rig.images.fail('backups.finalize', UNREACHABLE);

  const finalize = await rig.post(`${path}/finalize`);
  const between = await rig.get(path);
  const start = await rig.post(`/vms/${vm}/start`);
  rig.clock.advance(16_000);
  await rig.settled(path, 'succeeded');

  expect([finalize.status, between.json.phase, start.status]).toEqual([503, 'finalizing', 409]);
});

test('a session that has disappeared from the host is a failed backup', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');

  rig.images.forgetAll();

  expect((await rig.get(`/vms/${vm}/backups/${json.id}`)).json.phase).toBe('failed');
});

test('finalize ends the transfers that are still open', async () => {
  const { rig, vm, disks } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');
  const transfer = await rig.post('/imagetransfers', { disk: { id: disks[0] }, backup: { id: json.id }, direction: 'download' });

  await rig.post(`/vms/${vm}/backups/${json.id}/finalize`);

  expect([transfer.status, transfer.json.phase]).toEqual([201, 'transferring']);
  expect((await rig.get(`/imagetransfers/${transfer.json.id}`)).json.phase).toBe('finished_failure');
  expect((await rig.get(`/disks/${disks[0]}`)).json.status).toBe('ok');
});

test('ovirt 12.36: a backup whose client has gone is given up after six hours, one that is read from is not', async () => {
  const { rig, vm, disks } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');
  const transfer = await rig.post('/imagetransfers', {
    disk: { id: disks[0] },
    backup: { id: json.id },
    direction: 'download',
    inactivity_timeout: 0,
  });
  const looked = () => rig.images.calls.filter((call) => call === `transfers.get ${transfer.json.id}`).length;

  for (let hour = 0; hour < 8; hour++) {
    const before = looked();
    rig.images.progress(transfer.json.id, { active: true, transferred: hour + 1 });
    rig.clock.advance(3_600_000);
    await until(() => looked() > before);
  }
  const busy = (await rig.rows('ovirt_backups'))[0]?.phase;
  rig.images.progress(transfer.json.id, { active: false, idleS: 30_000 });
  rig.clock.advance(7 * 3_600_000);
  await until(async () => (await rig.rows('ovirt_backups'))[0]?.phase === 'failed');

  expect(busy).toBe('ready');
  expect((await rig.post(`/vms/${vm}/start`)).status).toBe(200);
  expect(rig.images.calls).toContain(`backups.finalize ${json.id} drop`);
});

test('an ended backup is shown for a day', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');
  await rig.post(`${path}/finalize`);

  rig.clock.advance(23 * 3_600_000);
  await until(async () => (await rig.rows('ovirt_locks')).length === 0);
  const kept = await rig.get(path);
  rig.clock.advance(2 * 3_600_000);
  await until(async () => (await rig.get(path)).status === 404);

  expect(kept.json.phase).toBe('succeeded');
});

test('nobody sees or ends the backup of another tenant', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{}] });
  const own = await rig.post(`/vms/${vm.id}/backups`, {}, { user: 'alice@tenants' });
  const path = `/vms/${vm.id}/backups/${own.json.id}`;

  const foreign = { user: 'bob@tenants' };
  const replies = [
    await rig.get(path, foreign),
    await rig.post(`${path}/finalize`, {}, foreign),
    await rig.post(`/vms/${vm.id}/backups`, {}, foreign),
  ];

  expect(own.status).toBe(201);
  expect(replies.map((reply) => reply.status)).toEqual([404, 404, 404]);
  expect((await rig.get(path, { user: 'alice@tenants' })).status).toBe(200);
});

test('a gateway without the image bridge says so, and nothing stays locked', async () => {
  await using rig = await Rig.start({ images: false });
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });

  const reply = await rig.post(`/vms/${vm.id}/backups`);

  expect(reply.status).toBe(501);
  expect(await rig.rows('ovirt_locks')).toEqual([]);
});

test('there are no checkpoints yet', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;

  expect((await rig.get(`/vms/${vm}/checkpoints`)).json).toEqual({ checkpoint: [] });
});
