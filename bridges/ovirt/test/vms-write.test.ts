import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

const MIB = 1024 ** 2;
const NOBODY = '11111111-2222-4333-8444-555555555555';

function blank(rig: Rig, name: string, more: object = {}): object {
  return { name, cluster: { id: rig.ids.cluster }, memory: 512 * MIB, ...more };
}

test.each([
  ['no name', { name: undefined }, 400, 'Vm [name] required for add'],
  ['no cluster', { cluster: undefined }, 400, 'Vm [cluster] required for add'],
  ['a cluster that is not there', { cluster: { id: NOBODY } }, 404, NOBODY],
  ['no memory at all', { memory: 0 }, 400, 'more than 0 bytes'],
  ['too many CPU', { cpu: { topology: { sockets: 100_000 } } }, 400, '1 to 4096 CPU'],
])('a VM with %s is refused', async (_what, more, status, text) => {
  await using rig = await Rig.start();

  const reply = await rig.post('/vms', blank(rig, 'vm-x', more));

  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
  expect(rig.fake.calls).not.toContain('deployVirtualMachine');
});

test('a size that no offering has is refused with the numbers that are missing', async () => {
  await using rig = await Rig.start();
  rig.fake.cloud.serviceOfferings.splice(3);

  const reply = await rig.post('/vms', blank(rig, 'vm-x', { cpu: { topology: { sockets: 3 } }, memory: 7 * MIB + 1 }));

  expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('3 CPU and 8 MiB')]);
});

test('ovirt 12.38: a name is taken once, also when two ask for it at the same time, and not by other owners', async () => {
  await using rig = await Rig.start();

  const both = await Promise.all([rig.post('/vms', blank(rig, 'web-01')), rig.post('/vms', blank(rig, 'WEB-01'))]);
  const third = await rig.post('/vms', blank(rig, 'web-01'));
  const alice = await rig.post('/vms', blank(rig, 'web-01'), { user: 'alice@tenants' });

  expect(both.map((reply) => reply.status).toSorted()).toEqual([201, 409]);
  expect([third.status, third.text]).toEqual([409, expect.stringContaining('VM name already exists: web-01')]);
  expect(alice.status).toBe(201);
});

test('a repeated request of the same correlation id gets the same VM, however late it comes', async () => {
  await using rig = await Rig.start();
  const how = { headers: { 'correlation-id': 'run-1' } };

  const first = await rig.post('/vms', blank(rig, 'web-01'), how);
  const same = await rig.post('/vms', blank(rig, 'web-01'), how);
  rig.clock.advance(3_600_000);
  const later = await rig.post('/vms', blank(rig, 'web-01'), how);

  expect([first.status, same.status, later.status]).toEqual([201, 201, 201]);
  expect([same.json.id, later.json.id]).toEqual([first.json.id, first.json.id]);
  expect((await rig.post('/vms', blank(rig, 'web-01'))).status).toBe(409);
});

test('a VM made by a tenant is his, and he sees it at once', async () => {
  await using rig = await Rig.start();
  const alice = { user: 'alice@tenants' };

  const vm = await rig.post('/vms', blank(rig, 'of-alice'), alice);

  expect(rig.fake.vm('of-alice').owner.name).toBe('alice');
  expect((await rig.get(`/vms/${vm.json.id}`, alice)).status).toBe(200);
  expect((await rig.get(`/vms/${vm.json.id}`, { user: 'bob@tenants' })).status).toBe(404);
});

test('PUT changes name, description and guest OS, and refuses what it cannot do', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', memoryMiB: 512, disks: [{}] });

  const changed = await rig.put(`/vms/${vm.id}`, { name: 'web 02', description: 'the new one', os: { type: 'windows_2022' } });
  const same = await rig.put(`/vms/${vm.id}`, { memory: String(512 * MIB), cpu: { topology: { sockets: '1', cores: '1', threads: '1' } } });
  const grown = await rig.put(`/vms/${vm.id}`, { memory: 1024 * MIB });

  expect([changed.status, changed.json.name, changed.json.description]).toEqual([200, 'web-02', 'the new one']);
  expect(rig.fake.vm('web-02').osType.description).toBe('Windows Server 2022 (64-bit)');
  expect([same.status, grown.status, grown.json.detail]).toEqual([200, 409, expect.stringContaining('CPU or memory')]);
});

test('a name alone leaves the description', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', displayname: 'The shop', disks: [{}] });

  await rig.put(`/vms/${vm.id}`, { name: 'web-02' });

  expect(rig.fake.vm('web-02').displayname).toBe('The shop');
});

test('start and stop answer with a job that can be polled, and repeating them is no failure', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });

  const replies: unknown[] = [];
  for (const action of ['stop', 'start', 'start', 'reboot', 'reset', 'shutdown', 'stop', 'reboot']) {
    const reply = await rig.post(`/vms/${vm.id}/${action}`);
    replies.push([action, reply.status, (await rig.get(`/vms/${vm.id}`)).json.status]);
  }

  expect(replies).toEqual([
    ['stop', 200, 'down'],
    ['start', 200, 'up'],
    ['start', 200, 'up'],
    ['reboot', 200, 'up'],
    ['reset', 200, 'up'],
    ['shutdown', 200, 'down'],
    ['stop', 200, 'down'],
    ['reboot', 409, 'down'],
  ]);
});

test('with async the answer comes at once, and the job tells the end', async () => {
  await using rig = await Rig.start({ cloud: { jobDelayMs: 60_000 } });
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });

  const start = await rig.post(`/vms/${vm.id}/start?async=true`);
  const job = start.json.job as { id: string };
  const between = (await rig.get(`/jobs/${job.id}`)).json.status;
  const second = await rig.post(`/vms/${vm.id}/stop`);
  await until(async () => (await rig.rows('ovirt_jobs'))[0]?.cs_job_id);
  rig.fake.clock.advance(60_000);
  rig.clock.advance(5_000);
  await rig.settled(`/jobs/${job.id}`, 'finished', 'status');

  expect([start.status, start.json.status, between]).toEqual([202, 'pending', 'started']);
  expect([second.status, second.text]).toEqual([409, expect.stringContaining('Starting VM web-01')]);
  expect((await rig.get(`/vms/${vm.id}`)).json.status).toBe('up');
});

test('a blank VM without a disk does not start, and its job says why', async () => {
  await using rig = await Rig.start();
  const vm = await rig.post('/vms', blank(rig, 'empty'));

  const start = await rig.post(`/vms/${vm.json.id}/start`, {}, { headers: { 'correlation-id': 'run-3' } });
  const jobs = (await rig.get('/jobs?search=correlation_id%3Drun-3')).json.job as { status: string; description: string }[];

  expect([start.status, start.text]).toEqual([409, expect.stringContaining('no usable volumes')]);
  expect(jobs).toMatchObject([{ status: 'failed', description: expect.stringContaining('no usable volumes') }]);
});

test.each(['suspend', 'migrate', 'clone', 'export', 'ticket', 'freezefilesystems', 'thawfilesystems'])(
  'the action %s is refused as an action',
  async (action) => {
    await using rig = await Rig.start();
    const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });

    const reply = await rig.post(`/vms/${vm.id}/${action}`);

    expect([reply.status, reply.text]).toEqual([409, expect.stringContaining(`the action ${action} of VMs`)]);
    expect((await rig.post(`/vms/${NOBODY}/${action}`)).status).toBe(404);
  },
);

test('DELETE takes the data disks along unless detach_only says no', async () => {
  await using rig = await Rig.start();
  const first = await rig.fake.addVm({ name: 'first', disks: [{ name: 'root-1' }, { name: 'data-1' }] });
  const second = await rig.fake.addVm({ name: 'second', disks: [{ name: 'root-2' }, { name: 'data-2' }] });
  const ids = ['root-1', 'data-1', 'root-2', 'data-2'].map((name) => rig.fake.volume(name).id);

  const replies = [
    await rig.delete(`/vms/${first.id}`),
    await rig.delete(`/vms/${second.id}?detach_only=true`),
    await rig.delete(`/vms/${first.id}`),
  ];

  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 404]);
  expect(replies[0]?.json.status).toBe('complete');
  const found = await Promise.all(ids.map(async (id) => (await rig.get(`/disks/${id}`)).status));
  expect(found).toEqual([404, 404, 200, 200]);
  expect((await rig.get(`/vms/${second.id}`)).status).toBe(404);
});

test('a running VM is removed only by force', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{}] });
  await rig.post(`/vms/${vm.id}/start`);

  const polite = await rig.delete(`/vms/${vm.id}`);
  const forced = await rig.delete(`/vms/${vm.id}?force=true`);

  expect([polite.status, polite.text, forced.status]).toEqual([409, expect.stringContaining('it is Running'), 200]);
});

test('where a tenant may not expunge, his VM is destroyed all the same', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{}] });

  const reply = await rig.delete(`/vms/${vm.id}`, { user: 'alice@tenants' });

  expect([reply.status, rig.fake.vm('of-alice').state]).toEqual([200, 'Destroyed']);
  expect((await rig.get(`/vms/${vm.id}`, { user: 'alice@tenants' })).status).toBe(404);
});

test('while a backup is open the VM is neither removed nor changed, only stopped by force', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const { json } = await rig.post(`/vms/${vm.id}/backups`);
  await rig.settled(`/vms/${vm.id}/backups/${json.id}`, 'ready');

  const refused = [
    await rig.delete(`/vms/${vm.id}?force=true`),
    await rig.put(`/vms/${vm.id}`, { description: 'x' }),
    await rig.post(`/vms/${vm.id}/stop`),
    await rig.post(`/vms/${vm.id}/reboot`),
    await rig.post(`/vms/${vm.id}/diskattachments`, { disk: { id: rig.fake.volume('root').id } }),
    await rig.delete(`/vms/${vm.id}/diskattachments/${rig.fake.volume('root').id}`),
    await rig.post(`/vms/${vm.id}/nics`, { vnic_profile: { id: rig.ids.network } }),
    await rig.put(`/disks/${rig.fake.volume('root').id}`, { provisioned_size: 2 * 1024 ** 3 }),
  ];

  expect(refused.map((reply) => reply.status)).toEqual(Array(8).fill(409));
  for (const reply of refused) expect(reply.text).toContain('a backup is in progress');
  expect((await rig.post(`/vms/${vm.id}/stop`, { force: true })).status).toBe(200);
});

test('nobody works on the VM of another tenant', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{}] });
  const bob = { user: 'bob@tenants' };

  const replies = [
    await rig.api('PUT', `/vms/${vm.id}`, { name: 'x' }, bob),
    await rig.post(`/vms/${vm.id}/start`, {}, bob),
    await rig.post(`/vms/${vm.id}/nics`, { vnic_profile: { id: rig.ids.network } }, bob),
    await rig.delete(`/vms/${vm.id}`, bob),
  ];

  expect(replies.map((reply) => reply.status)).toEqual([404, 404, 404, 404]);
  expect(rig.fake.vm('of-alice').state).toBe('Stopped');
});

test('jobs are seen by their owner, and jobs of CloudStack by who may ask it', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'of-alice', account: 'alice', disks: [{}] });
  const alice = { user: 'alice@tenants' };
  const start = await rig.post(`/vms/${vm.id}/start`, {}, alice);
  const id = (start.json.job as { id: string }).id;
  const csJob = String((await rig.rows('ovirt_jobs'))[0]?.cs_job_id);

  await until(async () => (await rig.get(`/jobs/${id}`, alice)).json.status === 'finished');

  expect((await rig.get(`/jobs/${csJob}`, alice)).json.id).toBe(id);
  expect((await rig.get(`/jobs/${id}`, { user: 'bob@tenants' })).status).toBe(404);
  expect((await rig.get(`/jobs/${NOBODY}`)).status).toBe(404);
  expect((await rig.get(`/jobs/${id}/steps`, alice)).json.step).toMatchObject([{ type: 'executing', status: 'finished', job: { id } }]);
  expect((await rig.get(`/jobs/${id}/steps/${id}`, alice)).json.status).toBe('finished');
});
