import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { UNREACHABLE } from './support/image-stand-in.ts';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;

async function rigWithVm(): Promise<{ rig: Rig; vm: string; disk: string }> {
  const rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  return { rig, vm: vm.id, disk: rig.fake.volume('root').id };
}

async function freeDisk(rig: Rig): Promise<string> {
  const made = await rig.post('/disks', {
    name: 'empty',
    provisioned_size: GIB,
    storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
  });
  return made.json.id;
}

async function isFree(rig: Rig, vm: string): Promise<boolean> {
  await until(async () => (await rig.rows('ovirt_locks')).length === 0, { what: 'no lock is left' });
  return (await rig.post(`/vms/${vm}/start`)).status === 200;
}

test('killed before the image service had answered: the backup has failed, nothing is left on the host', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const release = rig.images.hold('backups.start');
  const { json } = await rig.post(`/vms/${vm}/backups`);

  await rig.killAndRestart();
  const ended = await rig.settled(`/vms/${vm}/backups/${json.id}`, 'failed');
  release();

  expect(ended.json.phase).toBe('failed');
  expect((await rig.get(`/events?search=${json.id}`)).json.event).toMatchObject([{ severity: 'error' }]);
  expect(await isFree(rig, vm)).toBe(true);
});

test('killed after the host had begun, before the row said so: the backup becomes ready', async () => {
  const { rig, vm, disk } = await rigWithVm();
  await using _rig = rig;
  const release = rig.images.hold('backups.start');
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const volumes = [{ volumeId: disk, mode: 'full' as const, size: GIB }];
  rig.images.states.set(json.id, { backupId: json.id, vmId: vm, hostId: rig.ids.host, phase: 'ready', volumes });

  await rig.killAndRestart();
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');
  release();

  expect((await rig.post(`/vms/${vm}/start`)).status).toBe(409);
  expect((await rig.post(`/vms/${vm}/backups/${json.id}/finalize`)).status).toBe(200);
});

test('ovirt 12.1: killed while a backup is ready: it goes on, with its lock', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');

  await rig.killAndRestart();

  expect((await rig.post(`/vms/${vm}/backups`)).status).toBe(409);
  expect((await rig.get(path)).json.phase).toBe('ready');
  expect((await rig.post(`${path}/finalize`)).status).toBe(200);
  expect(await isFree(rig, vm)).toBe(true);
});

test('killed while a backup is being finalized: the next gateway finalizes it', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  const path = `/vms/${vm}/backups/${json.id}`;
  await rig.settled(path, 'ready');
  const release = rig.images.hold('backups.finalize');
  const finalizing = rig.post(`${path}/finalize`).catch(() => undefined);
  await until(() => rig.images.calls.some((call) => call.endsWith(' keep')));

  await rig.killAndRestart();
  release();
  await rig.settled(path, 'succeeded');
  await finalizing;

  expect(await isFree(rig, vm)).toBe(true);
});

test('killed while a backup is ready, and the host has lost it: it has failed', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');
  rig.images.forgetAll();

  await rig.killAndRestart();

  await until(async () => (await rig.rows('ovirt_backups'))[0]?.phase === 'failed');
  expect(await isFree(rig, vm)).toBe(true);
});

test('killed while a transfer was being opened: it has failed, the disk is free and not spoiled', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const disk = await freeDisk(rig);
  const release = rig.images.hold('transfers.open');
  const opening = rig.post('/imagetransfers', { disk: { id: disk } }).catch(() => undefined);
  await until(() => rig.images.calls.some((call) => call.startsWith('transfers.open')));
  const id = String((await rig.rows('ovirt_transfers'))[0]?.id);

  await rig.killAndRestart();
  await rig.settled(`/imagetransfers/${id}`, 'finished_failure');
  release();
  await opening;

  await rig.settled(`/disks/${disk}`, 'ok', 'status');
});

test('killed while room was being made for a whole file: nobody knows what is in the disk', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const disk = await freeDisk(rig);
  const release = rig.images.hold('transfers.open');
  const opening = rig.post('/imagetransfers', { disk: { id: disk }, format: 'cow' }).catch(() => undefined);
  await until(() => rig.images.calls.some((call) => call.startsWith('transfers.open')));

  await rig.killAndRestart();
  await rig.settled(`/disks/${disk}`, 'illegal', 'status');
  release();
  await opening;
});

test('ovirt 12.1: killed while data is moving: the transfer is the same afterwards, URL included', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const disk = await freeDisk(rig);
  const open = await rig.post('/imagetransfers', { disk: { id: disk } });

  await rig.killAndRestart();
  const seen = await rig.get(`/imagetransfers/${open.json.id}`);

  expect(seen.json).toMatchObject({ phase: 'transferring', transfer_url: open.json.transfer_url });
  expect((await rig.post('/imagetransfers', { disk: { id: disk } })).status).toBe(409);
  expect((await rig.post(`/imagetransfers/${open.json.id}/finalize`)).status).toBe(200);
});

test('killed while a transfer ends: the next gateway ends it as it was meant', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const [good, bad] = [await freeDisk(rig), await freeDisk(rig)];
  const [toClose, toCancel] = [
    await rig.post('/imagetransfers', { disk: { id: good } }),
    await rig.post('/imagetransfers', { disk: { id: bad } }),
  ];
  const releases = [rig.images.hold('transfers.close'), rig.images.hold('transfers.cancel')];
  const asked = Promise.allSettled([
    rig.post(`/imagetransfers/${toClose.json.id}/finalize`),
    rig.post(`/imagetransfers/${toCancel.json.id}/cancel`),
  ]);
  await until(() => rig.images.calls.filter((call) => /^transfers\.(close|cancel)/.test(call)).length === 2);

  await rig.killAndRestart();
  for (const release of releases) release();
  await rig.settled(`/imagetransfers/${toClose.json.id}`, 'finished_success');
  await rig.settled(`/imagetransfers/${toCancel.json.id}`, 'finished_failure');
  await asked;

  expect([(await rig.get(`/disks/${good}`)).json.status, (await rig.get(`/disks/${bad}`)).json.status]).toEqual(['ok', 'illegal']);
});

test('a host that is away when the gateway starts pauses its transfers until it is back', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const open = await rig.post('/imagetransfers', { disk: { id: await freeDisk(rig) } });
  rig.images.fail('transfers.get', UNREACHABLE, 1);

  await rig.killAndRestart();
  await until(async () => (await rig.rows('ovirt_transfers'))[0]?.phase === 'paused_system');
  rig.clock.advance(16_000);
  await rig.settled(`/imagetransfers/${open.json.id}`, 'transferring');
});

test('an upload that the host has lost leaves an illegal disk', async () => {
  const { rig } = await rigWithVm();
  await using _rig = rig;
  const disk = await freeDisk(rig);
  await rig.post('/imagetransfers', { disk: { id: disk } });
  rig.images.forgetAll();

  await rig.killAndRestart();

  await rig.settled(`/disks/${disk}`, 'illegal', 'status');
});

test('killed while CloudStack works on a job: its end is known afterwards, and the VM is free again', async () => {
  await using rig = await Rig.start({ cloud: { jobDelayMs: 60_000 } });
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });
  const start = await rig.post(`/vms/${vm.id}/start?async=true`);
  const job = start.json.job as { id: string };
  await until(async () => (await rig.rows('ovirt_jobs'))[0]?.cs_job_id);

  await rig.killAndRestart();
  const between = (await rig.get(`/jobs/${job.id}`)).json.status;
  rig.fake.clock.advance(60_000);
  await until(async () => {
    rig.clock.advance(1000);
    return (await rig.get(`/jobs/${job.id}`)).json.status === 'finished';
  });

  expect(between).toBe('started');
  expect(rig.fake.vm('web-01').state).toBe('Running');
});

test('killed while a disk is being created: it is there afterwards, and not locked', async () => {
  await using rig = await Rig.start({ cloud: { jobDelayMs: 60_000 } });
  const posting = rig
    .post('/disks', { name: 'slow', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } })
    .catch(() => undefined);
  await until(async () => (await rig.rows('ovirt_disks')).length === 1 && (await rig.rows('ovirt_jobs'))[0]?.cs_job_id);
  const id = String((await rig.rows('ovirt_disks'))[0]?.id);

  await rig.killAndRestart();
  rig.fake.clock.advance(60_000);
  await until(async () => {
    rig.clock.advance(1000);
    return (await rig.get(`/disks/${id}`)).json.status === 'ok';
  });
  await posting;

  expect((await rig.post('/imagetransfers', { disk: { id } })).status).toBe(201);
});

test('killed before CloudStack had answered at all: nobody pretends to know', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });
  rig.fake.faults.next('startVirtualMachine', { kind: 'hang' });
  const start = await rig.post(`/vms/${vm.id}/start?async=true`);
  await until(() => rig.fake.calls.includes('startVirtualMachine'));

  await rig.killAndRestart();

  await rig.settled(`/jobs/${(start.json.job as { id: string }).id}`, 'unknown', 'status');
  expect((await rig.post(`/vms/${vm.id}/start`)).status).toBe(200);
});

test('stopped in order, the gateway leaves everything as it is for the next one', async () => {
  const { rig, vm } = await rigWithVm();
  await using _rig = rig;
  const { json } = await rig.post(`/vms/${vm}/backups`);
  await rig.settled(`/vms/${vm}/backups/${json.id}`, 'ready');

  await rig.stopAndRestart();

  expect((await rig.get(`/vms/${vm}/backups/${json.id}`)).json.phase).toBe('ready');
  expect((await rig.post(`/vms/${vm}/backups/${json.id}/finalize`)).status).toBe(200);
});
