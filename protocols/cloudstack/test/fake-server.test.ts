import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readVirtualMachine, readVolume } from '../src/index.ts';
import { failure, openCloud } from './support.ts';

describe('who sees what', () => {
  test('only a root admin sees where things are', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{}], state: 'Running' });
    const seen = async (user: string) => {
      const client = cloud.client({ user });
      const [found] = await client.list('listVirtualMachines', readVirtualMachine, { id: vm.id });
      const [volume] = await client.list('listVolumes', readVolume, { virtualmachineid: vm.id, listall: true });
      return [found?.hostid, found?.instancename, volume?.path, volume?.storageid].map((value) => value !== undefined);
    };
    expect(await seen('admin')).toEqual([true, true, true, true]);
    expect(await seen('dadmin')).toEqual([false, false, false, false]);
    expect(await seen('alice')).toEqual([false, false, false, false]);
  });

  test('scopes: listall, projectid=-1, by id', async () => {
    await using cloud = await openCloud();
    const { fake } = cloud;
    const project = fake.addProject('proj', ['alice']);
    const account = fake.cloud.accounts.find((row) => row.project === project)?.name ?? '';
    await fake.addVm({ name: 'of-admin' });
    const alices = await fake.addVm({ name: 'of-alice', account: 'alice' });
    await fake.addVm({ name: 'of-bob', account: 'bob' });
    await fake.addVm({ name: 'of-project', account, networks: [] });
    const names = async (user: string, params: Record<string, string | boolean>) =>
      (await cloud.client({ user }).list('listVirtualMachines', readVirtualMachine, params)).map((vm) => vm.name);
    const both = { listall: true, projectid: '-1' };
    expect(await names('admin', {})).toEqual(['of-admin']);
    expect(await names('admin', { listall: true })).toEqual(['of-admin', 'of-alice', 'of-bob']);
    expect(await names('admin', both)).toEqual(['of-admin', 'of-alice', 'of-bob', 'of-project']);
    expect(await names('admin', { id: alices.id })).toEqual(['of-alice']);
    expect(await names('dadmin', { listall: true })).toEqual(['of-alice', 'of-bob']);
    expect(await names('dadmin', both)).toEqual([]);
    expect(await names('alice', {})).toEqual(['of-alice']);
    expect(await names('alice', { projectid: '-1' })).toEqual(['of-project']);
    expect(await names('alice', both)).toEqual(['of-alice', 'of-project']);
    expect(await names('bob', { id: alices.id })).toEqual([]);
  });

  test("another account's instance cannot be touched", async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{}] });
    const error = await failure(cloud.client({ user: 'bob' }).call('startVirtualMachine', { id: vm.id }), 'CLOUDSTACK_REFUSED');
    expect([error.errorCode, error.csErrorCode]).toEqual([531, 4365]);
  });

  test('the reason of 530 is for root admins', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', cpu: 3, memoryMiB: 777, disks: [{}] });
    const change = { id: vm.id, details: { nicAdapter: 'e1000' } };
    const [seen, masked] = await Promise.all(
      ['admin', 'alice'].map((user) => failure(cloud.client({ user }).call('updateVirtualMachine', change), 'CLOUDSTACK_REFUSED')),
    );
    expect(seen?.errorText).toMatch(/Invalid CPU cores value/);
    expect(masked?.errorText).toBe('Internal error executing command, please contact your system administrator');
  });

  test('assignVirtualMachine and assignVolume move what stands still', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{ name: 'root' }] });
    const { account } = cloud.fake.userRow('alice');
    await cloud.client().run('assignVirtualMachine', { virtualmachineid: vm.id, account: 'alice', domainid: account.domain.id });
    expect([vm.owner, cloud.fake.volume('root').owner]).toEqual([account, account]);
    expect(vm.nics.map((nic) => nic.network.name)).toEqual(['net-alice']);
  });
});

describe('the wire', () => {
  test('an answer says neither the date nor how long the connection lives', async () => {
    await using cloud = await openCloud();
    const { host, hostname, port, pathname } = new URL(cloud.fake.url);
    const socket = connect(Number(port), hostname);
    socket.end(`GET ${pathname}?command=listZones&response=json HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    const head = Buffer.concat(chunks).toString().split('\r\n\r\n')[0] ?? '';
    expect(head).toMatch(/^HTTP\/1\.1 401 /);
    expect(head).not.toMatch(/^(date|connection|keep-alive|server):/im);
    expect(head).toMatch(/^content-type: application\/json;charset=utf-8$/im);
  });

  test('calls are kept by name', async () => {
    await using cloud = await openCloud();
    await cloud.client().call('listZones');
    await cloud.client().call('listHosts');
    expect(cloud.fake.calls).toEqual(['listZones', 'listHosts']);
  });

  test('the clock decides whether a signature still counts', async () => {
    await using cloud = await openCloud();
    const client = cloud.client({ clock: { now: () => cloud.fake.clock.now() - 11 * 60_000 } });
    await failure(client.call('listZones'), 'CLOUDSTACK_UNAUTHORIZED');
  });

  test('jobs wait for the clock, and the state shows it', async () => {
    await using cloud = await openCloud({ jobDelayMs: 1000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    const client = cloud.client();
    const { jobid } = (await client.call('startVirtualMachine', { id: vm.id })) as { jobid: string };
    expect([vm.state, (await client.queryJob(jobid)).jobstatus]).toEqual(['Starting', 0]);
    cloud.fake.clock.advance(999);
    expect((await client.queryJob(jobid)).jobstatus).toBe(0);
    cloud.fake.clock.advance(1);
    expect([(await client.queryJob(jobid)).jobstatus, vm.state]).toEqual([1, 'Running']);
  });
});

describe('tags', () => {
  test('are made, found and taken away', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one' });
    const client = cloud.client();
    const where = { resourceids: vm.id, resourcetype: 'UserVm' };
    await client.run('createTags', { ...where, tags: [{ key: 'veeam_tag', value: 'gold' }] });
    expect((await client.list('listVirtualMachines', readVirtualMachine))[0]?.tags).toMatchObject([{ key: 'veeam_tag', value: 'gold' }]);
    expect(await client.count('listTags', { key: 'veeam_tag', listall: true })).toBe(1);
    const twice = await failure(client.run('createTags', { ...where, tags: [{ key: 'veeam_tag', value: 'x' }] }), 'CLOUDSTACK_JOB_FAILED');
    expect(twice.errorCode).toBe(530);
    await client.run('deleteTags', { ...where, tags: [{ key: 'veeam_tag' }] });
    expect(vm.tags).toEqual([]);
  });
});
