import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { imageError, UNREACHABLE } from './support/image-stand-in.ts';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;
const NOBODY = '11111111-2222-4333-8444-555555555555';

async function rigWithDisk(): Promise<{ rig: Rig; disk: string }> {
  const rig = await Rig.start();
  const made = await rig.post('/disks', {
    name: 'empty',
    provisioned_size: GIB,
    storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
  });
  return { rig, disk: made.json.id };
}

test('the body that Veeam sends, full of junk, opens an upload', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;

  const reply = await rig.post('/imagetransfers', {
    active: false,
    direction: 'upload',
    format: 'cow',
    inactivity_timeout: 3600,
    phase: 'cancelled',
    shallow: false,
    transferred: 0,
    link: [],
    disk: { id: disk },
    image: {},
    backup: { creation_date: 0 },
  });

  expect(reply.status).toBe(201);
  expect(reply.json).toMatchObject({
    direction: 'upload',
    format: 'cow',
    phase: 'transferring',
    inactivity_timeout: '3600',
    timeout_policy: 'legacy',
    disk: { id: disk },
    image: { id: disk },
    host: { id: rig.ids.host },
    transfer_url: expect.stringMatching(/^https:\/\/kvm1:54322\/images\//),
    proxy_url: expect.stringMatching(/^https:\/\/gw:54323\/images\//),
  });
  expect(reply.json.backup).toBeUndefined();
  expect(rig.images.opened[0]).toMatchObject({
    direction: 'upload',
    format: 'cow',
    volume: { path: rig.fake.volumePath(disk), format: 'qcow2' },
  });
  expect(rig.images.opened[0]?.size).toBeGreaterThan(GIB);
});

test('an upload locks its disk until it has ended, then the disk is good', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, format: 'raw' });
  const path = `/imagetransfers/${json.id}`;

  const locked = (await rig.get(`/disks/${disk}`)).json.status;
  const second = await rig.post('/imagetransfers', { disk: { id: disk }, direction: 'download' });
  const removal = await rig.delete(`/disks/${disk}`);
  rig.images.progress(json.id, { active: true, transferred: 4096 });
  const seen = (await rig.get(path)).json;
  rig.images.progress(json.id, { active: false });
  const ended = await rig.post(`${path}/finalize`);
  const again = await rig.post(`${path}/finalize`);

  expect([locked, second.status, removal.status]).toEqual(['locked', 409, 409]);
  expect(second.text).toContain(`image transfer ${json.id} is open`);
  expect(seen).toMatchObject({ phase: 'transferring', active: 'true', transferred: '4096' });
  expect([ended.status, ended.json.status, again.status]).toEqual([200, 'complete', 200]);
  expect((await rig.get(path)).json).toMatchObject({ phase: 'finished_success', active: 'false' });
  expect((await rig.get(path)).json.transfer_url).toBeUndefined();
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe('ok');
});

test('the ticket stands in no row and no log line as it is', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;

  const { json } = await rig.post('/imagetransfers', { disk: { id: disk } });
  await rig.get(`/imagetransfers/${json.id}`);

  expect(JSON.stringify(await rig.rows('ovirt_transfers'))).not.toContain('ticket-of-');
  expect(rig.log.text()).not.toContain('ticket-of-');
});

test('ovirt 12.14, 12.33: cancel ends in finished_failure, leaves the disk illegal, and may be repeated; a new upload heals the disk', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [] });
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk } });

  const cancelled = await rig.post(`/imagetransfers/${json.id}/cancel`);
  const again = await rig.post(`/imagetransfers/${json.id}/cancel`);
  const status = (await rig.get(`/disks/${disk}`)).json.status;
  const download = await rig.post('/imagetransfers', { disk: { id: disk }, direction: 'download' });
  const attach = await rig.post(`/vms/${vm.id}/diskattachments`, { disk: { id: disk } });
  const retry = await rig.post('/imagetransfers', { disk: { id: disk } });
  await rig.post(`/imagetransfers/${retry.json.id}/finalize`);

  expect([cancelled.status, again.status]).toEqual([200, 200]);
  expect((await rig.get(`/imagetransfers/${json.id}`)).json.phase).toBe('finished_failure');
  expect([status, download.status, attach.status, retry.status]).toEqual(['illegal', 409, 409, 201]);
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe('ok');
});

test('ovirt 12.33: an image that does not stand the check fails the transfer and the disk', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, format: 'cow' });
  rig.images.fail('transfers.close', imageError('IMAGE_VERIFY_FAILED', 409, 'it is not a qcow2 file'));

  const finalize = await rig.post(`/imagetransfers/${json.id}/finalize`);
  const again = await rig.post(`/imagetransfers/${json.id}/finalize`);

  expect([finalize.status, finalize.text]).toEqual([409, expect.stringContaining('it is not a qcow2 file')]);
  expect(again.status).toBe(409);
  expect((await rig.get(`/imagetransfers/${json.id}`)).json.phase).toBe('finished_failure');
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe('illegal');
  expect((await rig.get(`/events?search=${json.id}`)).json.event).toMatchObject([{ severity: 'error' }]);
  expect((await rig.delete(`/disks/${disk}`)).status).toBe(200);
});

test('a qcow2 file that is smaller inside than its disk is grown, one that is larger fails', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const upload = async (virtualSize: number) => {
    const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, format: 'cow' });
    rig.images.virtualSize = virtualSize;
    return await rig.post(`/imagetransfers/${json.id}/finalize`);
  };

  const same = await upload(GIB);
  const before = rig.fake.calls.includes('resizeVolume');
  const smaller = await upload(GIB / 2);
  const after = rig.fake.calls.includes('resizeVolume');
  const larger = await upload(2 * GIB);

  expect([same.status, before, smaller.status, after]).toEqual([200, false, 200, true]);
  expect([larger.status, larger.text]).toEqual([409, expect.stringContaining('larger than the disk')]);
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe('illegal');
});

test('a disk that CloudStack does not grow after an upload costs a warning', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, format: 'cow' });
  rig.images.virtualSize = GIB / 2;
  rig.fake.faults.next('resizeVolume', { kind: 'job', errorcode: 530, errortext: 'no resize today' });

  expect((await rig.post(`/imagetransfers/${json.id}/finalize`)).status).toBe(200);
  expect((await rig.get('/events?search=resize')).json.event).toMatchObject([{ severity: 'warning' }]);
});

test('a finalize while data is still being written is refused, and the transfer goes on', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk } });
  rig.images.fail('transfers.close', imageError('IMAGE_BUSY', 409, 'The transfer is busy'));

  const early = await rig.post(`/imagetransfers/${json.id}/finalize`);
  const phase = (await rig.get(`/imagetransfers/${json.id}`)).json.phase;
  const late = await rig.post(`/imagetransfers/${json.id}/finalize`);

  expect([early.status, phase, late.status]).toEqual([409, 'transferring', 200]);
});

test('a host that is away while a transfer ends: the wish is kept, and carried out when it is back', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk } });
  rig.images.fail('transfers.close', UNREACHABLE);

  const finalize = await rig.post(`/imagetransfers/${json.id}/finalize`);
  const phase = (await rig.get(`/imagetransfers/${json.id}`)).json.phase;
  const cancel = await rig.post(`/imagetransfers/${json.id}/cancel`);
  rig.clock.advance(16_000);
  await rig.settled(`/imagetransfers/${json.id}`, 'finished_success');

  expect([finalize.status, phase, cancel.status]).toEqual([503, 'finalizing_success', 409]);
});

test('ovirt 12.31: a transfer that no host can open is refused, and leaves disk and VM free', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  rig.images.fail('transfers.open', imageError('IMAGE_NO_AGENT', 503, 'no agent'));

  const refused = await rig.post('/imagetransfers', { disk: { id: disk } });
  const next = await rig.post('/imagetransfers', { disk: { id: disk } });

  expect([refused.status, next.status]).toEqual([503, 201]);
  expect((await rig.rows('ovirt_disks'))[0]).toMatchObject({ illegal: 0 });
});

test('pause, resume and extend change the phase as oVirt has it', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk } });
  const path = `/imagetransfers/${json.id}`;
  const phase = async () => (await rig.get(path)).json.phase;

  const phases: unknown[] = [];
  for (const action of ['pause', 'extend', 'resume', 'extend', 'resume', 'pause', 'finalize']) {
    phases.push([action, (await rig.post(`${path}/${action}`)).status, await phase()]);
  }
  for (const action of ['pause', 'resume', 'extend']) phases.push([action, (await rig.post(`${path}/${action}`)).status, await phase()]);

  expect(phases).toEqual([
    ['pause', 200, 'paused_user'],
    ['extend', 200, 'paused_user'],
    ['resume', 200, 'transferring'],
    ['extend', 200, 'transferring'],
    ['resume', 200, 'transferring'],
    ['pause', 200, 'paused_user'],
    ['finalize', 200, 'finished_success'],
    ['pause', 409, 'finished_success'],
    ['resume', 409, 'finished_success'],
    ['extend', 409, 'finished_success'],
  ]);
});

test.each([
  ['upload', 'legacy', 'finished_failure', 'illegal'],
  ['upload', 'pause', 'paused_system', 'locked'],
  ['upload', 'cancel', 'finished_failure', 'illegal'],
  ['download', 'legacy', 'paused_system', 'locked'],
  ['download', 'pause', 'paused_system', 'locked'],
  ['download', 'cancel', 'finished_failure', 'ok'],
])('ovirt 12.14: a silent %s of policy %s becomes %s', async (direction, timeoutPolicy, phase, status) => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', {
    disk: { id: disk },
    direction,
    timeout_policy: timeoutPolicy,
    inactivity_timeout: 60,
  });

  rig.images.progress(json.id, { idleS: 61 });
  rig.clock.advance(61_000);
  await until(async () => (await rig.rows('ovirt_transfers'))[0]?.phase === phase);

  expect((await rig.get(`/imagetransfers/${json.id}`)).json.phase).toBe(phase);
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe(status);
});

test('a transfer that moves data, or may be silent for ever, stays open', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, timeout_policy: 'cancel', inactivity_timeout: 0 });
  const extended = () => rig.images.calls.filter((call) => call === `transfers.extend ${json.id}`).length;

  for (let round = 1; round <= 3; round++) {
    const before = extended();
    rig.clock.advance(3_600_000);
    await until(() => extended() > before);
  }

  expect((await rig.get(`/imagetransfers/${json.id}`)).json.phase).toBe('transferring');
});

test('an image that the host cannot serve any more ends the transfer', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const { json } = await rig.post('/imagetransfers', { disk: { id: disk }, direction: 'download' });

  rig.images.progress(json.id, { failure: { code: 'IMAGE_EXPORT_DIED', text: 'qemu-nbd has died' } });

  expect((await rig.get(`/imagetransfers/${json.id}`)).json.phase).toBe('finished_failure');
  expect((await rig.get(`/disks/${disk}`)).json.status).toBe('ok');
  expect((await rig.get(`/events?search=${json.id}`)).json.event).toMatchObject([
    { severity: 'error', description: expect.stringMatching(/is finished_failure: qemu-nbd has died$/) },
  ]);
});

test('disks of a running VM are not touched, and a VM does not start while one of its disks is', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const disk = rig.fake.volume('root').id;

  const open = await rig.post('/imagetransfers', { disk: { id: disk }, direction: 'download' });
  const start = await rig.post(`/vms/${vm.id}/start`);
  await rig.post(`/imagetransfers/${open.json.id}/finalize`);
  const free = await rig.post(`/vms/${vm.id}/start`);
  const upload = await rig.post('/imagetransfers', { disk: { id: disk } });

  expect(open.text).toContain('transferring');
  expect([open.status, start.status, free.status, upload.status]).toEqual([201, 409, 200, 409]);
  expect(upload.json.detail).toContain('VM web-01 is Running');
});

test.each([
  ['nothing to move', {}, 400, 'ImageTransfer [disk|image|snapshot] required for add'],
  ['a disk that is not there', { disk: { id: NOBODY } }, 404, NOBODY],
  ['an id that is none', { disk: { id: '4' } }, 404, 'Entity not found: 4'],
  ['a snapshot', { snapshot: { id: NOBODY } }, 409, 'image transfers of snapshots'],
  ['a backup that is not there', { disk: { id: 'DISK' }, backup: { id: NOBODY }, direction: 'download' }, 404, NOBODY],
  ['an upload into a backup', { disk: { id: 'DISK' }, backup: { id: NOBODY }, direction: 'upload' }, 400, 'can be downloaded only'],
  ['a direction that is none', { disk: { id: 'DISK' }, direction: 'sideways' }, 400, 'direction'],
  ['a time that is none', { disk: { id: 'DISK' }, inactivity_timeout: -1 }, 400, 'inactivity_timeout'],
])('%s is refused: %j', async (_what, body, status, text) => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;

  const reply = await rig.post('/imagetransfers', JSON.parse(JSON.stringify(body).replace('DISK', disk)));

  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
  expect(await rig.rows('ovirt_transfers')).toEqual([]);
});

test('an unknown transfer is 404 for every verb', async () => {
  const { rig } = await rigWithDisk();
  await using _rig = rig;
  const replies = [await rig.get(`/imagetransfers/${NOBODY}`)];
  for (const action of ['finalize', 'cancel', 'extend', 'pause', 'resume'])
    replies.push(await rig.post(`/imagetransfers/${NOBODY}/${action}`));

  expect(replies.map((reply) => reply.status)).toEqual(Array(6).fill(404));
});

test('a tenant neither sees nor ends the transfer of another', async () => {
  await using rig = await Rig.start();
  await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{ name: 'root-of-alice' }] });
  const own = await rig.post(
    '/imagetransfers',
    { disk: { id: rig.fake.volume('root-of-alice').id }, direction: 'download' },
    { user: 'alice@tenants' },
  );
  const bob = { user: 'bob@tenants' };

  const seen = await rig.get('/imagetransfers', bob);
  const replies = [await rig.get(`/imagetransfers/${own.json.id}`, bob), await rig.post(`/imagetransfers/${own.json.id}/cancel`, {}, bob)];

  expect(own.status).toBe(201);
  expect(seen.json).toEqual({ image_transfer: [] });
  expect(replies.map((reply) => reply.status)).toEqual([404, 404]);
});

test('ended transfers are shown for a quarter or half an hour', async () => {
  const { rig, disk } = await rigWithDisk();
  await using _rig = rig;
  const good = await rig.post('/imagetransfers', { disk: { id: disk } });
  await rig.post(`/imagetransfers/${good.json.id}/finalize`);
  const bad = await rig.post('/imagetransfers', { disk: { id: disk }, direction: 'download' });
  await rig.post(`/imagetransfers/${bad.json.id}/cancel`);

  rig.clock.advance(16 * 60_000);
  await until(async () => (await rig.get(`/imagetransfers/${good.json.id}`)).status === 404);
  const kept = await rig.get(`/imagetransfers/${bad.json.id}`);
  rig.clock.advance(15 * 60_000);
  await until(async () => (await rig.get(`/imagetransfers/${bad.json.id}`)).status === 404);

  expect(kept.json.phase).toBe('finished_failure');
});
