import type { Fault } from '@fairlead/cloudstack/fake';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;

interface Scene {
  readonly rig: Rig;
  readonly vm: string;
  readonly root: string;
  readonly disk: string;
  readonly nic: string;
}

async function scene(): Promise<Scene> {
  const rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', memoryMiB: 512, disks: [{ name: 'root' }] });
  rig.fake.addNic('web-01', 'net-admin');
  const nic = rig.fake.addNic('web-01', 'net-alice');
  const disk = await rig.post('/disks', {
    name: 'free',
    provisioned_size: GIB,
    storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
  });
  return { rig, vm: vm.id, root: rig.fake.volume('root').id, disk: disk.json.id, nic: nic.id };
}

/** Every operation that changes something, with the command of CloudStack that carries it out. */
const OPERATIONS: readonly (readonly [name: string, command: string, run: (scene: Scene) => Promise<{ status: number; text: string }>])[] =
  [
    [
      'create a VM',
      'deployVirtualMachine',
      ({ rig }) => rig.post('/vms', { name: 'new', cluster: { id: rig.ids.cluster }, memory: 512 * 1024 ** 2 }),
    ],
    ['change a VM', 'updateVirtualMachine', ({ rig, vm }) => rig.put(`/vms/${vm}`, { name: 'other' })],
    ['start a VM', 'startVirtualMachine', ({ rig, vm }) => rig.post(`/vms/${vm}/start`)],
    ['stop a VM', 'stopVirtualMachine', ({ rig, vm }) => rig.post(`/vms/${vm}/stop`)],
    ['remove a VM', 'destroyVirtualMachine', ({ rig, vm }) => rig.delete(`/vms/${vm}`)],
    [
      'create a disk',
      'createVolume',
      ({ rig }) => rig.post('/disks', { name: 'd', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } }),
    ],
    ['grow a disk', 'resizeVolume', ({ rig, disk }) => rig.put(`/disks/${disk}`, { provisioned_size: 2 * GIB })],
    ['remove a disk', 'deleteVolume', ({ rig, disk }) => rig.delete(`/disks/${disk}`)],
    [
      'attach a disk',
      'attachVolume',
      ({ rig, vm, disk }) => rig.post(`/vms/${vm}/diskattachments`, { disk: { id: disk }, bootable: false }),
    ],
    ['detach a disk', 'detachVolume', ({ rig, vm, root }) => rig.delete(`/vms/${vm}/diskattachments/${root}`)],
    ['add a NIC', 'addNicToVirtualMachine', ({ rig, vm }) => rig.post(`/vms/${vm}/nics`, { vnic_profile: { name: 'net-bob' } })],
    ['remove a NIC', 'removeNicFromVirtualMachine', ({ rig, vm, nic }) => rig.delete(`/vms/${vm}/nics/${nic}`)],
    ['begin a backup', 'listHosts', ({ rig, vm }) => rig.post(`/vms/${vm}/backups`)],
    ['open a transfer', 'listHosts', ({ rig, disk }) => rig.post('/imagetransfers', { disk: { id: disk } })],
  ];

const ILLS: readonly (readonly [name: string, fault: Fault, status: number])[] = [
  ['answers HTML', { kind: 'html', status: 502 }, 503],
  ['cuts the connection', { kind: 'reset' }, 503],
  ['says 503', { kind: 'status', status: 503 }, 503],
];

test.each(OPERATIONS.flatMap(([name, command, run]) => ILLS.map(([ill, fault, status]) => ({ name, ill, command, run, fault, status }))))(
  '$name while CloudStack $ill: a clear fault, nothing stays locked, and it works afterwards',
  async ({ command, run, fault, status }) => {
    const made = await scene();
    await using rig = made.rig;
    await until(async () => (await rig.rows('ovirt_inventory')).length > 0);
    rig.fake.faults.next(command, fault, 3);

    const ill = await run(made);
    rig.fake.faults.clear();
    await until(async () => (await rig.rows('ovirt_locks')).length === 0);
    const well = await run(made);

    expect([ill.status, ill.text]).toEqual([status, expect.stringContaining('CloudStack does not answer')]);
    expect(well.status).toBeLessThan(300);
  },
);

test.each(OPERATIONS.filter(([, command]) => !['listHosts', 'updateVirtualMachine', 'deleteVolume'].includes(command)))(
  '%s: a job that CloudStack lets fail is a conflict in its own words',
  async (_name, command, run) => {
    const made = await scene();
    await using rig = made.rig;
    rig.fake.faults.next(command, { kind: 'job', errorcode: 530, errortext: 'Host is unavailable' }, 3);

    const reply = await run(made);
    await until(async () => (await rig.rows('ovirt_locks')).length === 0);

    expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('Host is unavailable')]);
    const jobs = (await rig.rows('ovirt_jobs')).filter((job) => job.status === 'failed');
    expect(jobs).toMatchObject([{ error: expect.stringContaining('Host is unavailable') }]);
  },
);

test('a disk that CloudStack puts elsewhere than asked is removed again', async () => {
  await using rig = await Rig.start();
  const id = '11111111-2222-4333-8444-555555555555';
  const jobresult = { volume: { id, name: 'd', state: 'Allocated' } };
  const body = JSON.stringify({ queryasyncjobresultresponse: { jobid: id, jobstatus: 1, jobresult } });
  rig.fake.faults.next('queryAsyncJobResult', { kind: 'body', body });

  const reply = await rig.post('/disks', {
    id,
    name: 'd',
    provisioned_size: GIB,
    storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
  });

  expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('it is Allocated in no storage instead of Ready in primary0')]);
  expect((await rig.get(`/disks/${id}`)).status).toBe(404);
  expect(await rig.rows('ovirt_disks')).toEqual([]);
});

test('a disk whose job fails is not shown any more', async () => {
  await using rig = await Rig.start();
  rig.fake.faults.next('createVolume', { kind: 'job', errorcode: 533, errortext: 'no room' });

  const reply = await rig.post('/disks', { name: 'd', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } });

  expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('no room')]);
  expect(await rig.rows('ovirt_disks')).toEqual([]);
});

test('a disk that CloudStack goes on to make while it does not answer is there in the end', async () => {
  await using rig = await Rig.start({ cloud: { jobDelayMs: 60_000 } });
  const posting = rig.post('/disks', { name: 'd', provisioned_size: GIB, storage_domains: { storage_domain: [{ id: rig.ids.pool }] } });
  await until(async () => (await rig.rows('ovirt_jobs'))[0]?.cs_job_id);
  rig.fake.faults.next('queryAsyncJobResult', { kind: 'html', status: 503 }, 30);

  await until(async () => {
    rig.clock.advance(5000);
    return (await rig.rows('ovirt_jobs'))[0]?.holder === '';
  });
  rig.fake.faults.clear();
  rig.fake.clock.advance(60_000);
  await until(async () => {
    rig.clock.advance(5000);
    return (await rig.rows('ovirt_jobs'))[0]?.status !== 'started';
  });
  const { id } = (await posting).json;

  await rig.settled(`/disks/${id}`, 'ok', 'status');
});

test('a new VM whose guest OS cannot be set is there, with a warning', async () => {
  await using rig = await Rig.start();
  rig.fake.faults.next('updateVirtualMachine', { kind: 'error', errorcode: 530, errortext: 'no' });

  const reply = await rig.post('/vms', { name: 'new', cluster: { id: rig.ids.cluster }, memory: 512 * 1024 ** 2 });

  expect(reply.status).toBe(201);
  expect((await rig.get('/events')).json.event).toMatchObject([{ severity: 'warning', description: expect.stringContaining('guest OS') }]);
});

test('a slow CloudStack is waited for', async () => {
  const made = await scene();
  await using rig = made.rig;
  rig.fake.faults.next('startVirtualMachine', { kind: 'delay', ms: 300 });

  expect((await rig.post(`/vms/${made.vm}/start`)).status).toBe(200);
});
