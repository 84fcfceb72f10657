import { expect, test } from 'vitest';
import { codes, job, raw } from './raw.ts';
import { signIn } from './sign-in.ts';
import { openCloud } from './support.ts';

/** Facts 8 to 14 of the recordings of CloudStack 4.23: errors. */
const ADMIN = { as: 'admin' };

test('8 with keys an unknown command is 401, in a session 432; a command of another role is 432 in both', async () => {
  await using cloud = await openCloud();
  for (const command of ['doWonders', 'listzones']) expect((await raw(cloud, command, {}, ADMIN)).status).toBe(401);
  const session = await signIn(cloud, 'alice');
  for (const command of ['doWonders', 'listzones', 'listHosts']) expect(codes(await session.call(command))).toBe('432 432 9999');
  const forbidden = await raw(cloud, 'listHosts', {}, { as: 'alice' });
  expect([forbidden.envelope, codes(forbidden)]).toEqual(['errorresponse', '432 432 9999']);
});

test('9 the reason of a 530 is told to root admins only, but in a failed job to everybody', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{}] });
  const text = async (as: string) =>
    (await raw(cloud, 'updateVirtualMachine', { id: vm.id, extraconfig: 'a=b' }, { as, method: 'POST' })).inner.errortext as string;
  const masked = 'Internal error executing command, please contact your system administrator';
  expect([await text('alice'), await text('dadmin')]).toEqual([masked, masked]);
  expect(await text('admin')).toContain('extra config');
  const failed = await job(cloud, 'alice', 'expungeVirtualMachine', { id: vm.id });
  expect(failed.jobresult).toMatchObject({ errorcode: 530, errortext: expect.stringContaining('can only be done by an Admin') as string });
});

test('10 over its limit an account gets 535, counted from what it has; no capacity is 533 in the job', async () => {
  await using cloud = await openCloud();
  const { cloud: rows } = cloud.fake;
  const offering = rows.diskOfferings.find((row) => row.name === 'Small');
  const create = () =>
    raw(cloud, 'createVolume', { name: 'x', diskofferingid: offering?.id ?? '', zoneid: rows.zone.id }, { as: 'bob', method: 'POST' });
  await raw(cloud, 'updateResourceLimit', { account: 'bob', domainid: rows.domains[1]?.id ?? '', resourcetype: '2', max: '2' }, ADMIN);
  expect([codes(await create()), codes(await create())]).toEqual(['200', '200']);
  expect(codes(await create())).toBe('535 535 4370');
  rows.host.capacity = { cpu: 2, memoryMiB: 512 };
  await cloud.fake.addVm({ name: 'fills', state: 'Running' });
  const ids = { serviceofferingid: rows.serviceOfferings[0]?.id ?? '', templateid: rows.templates[0]?.id ?? '', zoneid: rows.zone.id };
  expect(await job(cloud, 'alice', 'deployVirtualMachine', ids)).toMatchObject({ jobstatus: 2, jobresult: { errorcode: 533 } });
  expect(rows.vms.at(-1)?.state).toBe('Error');
});

test('11 errors of authentication have no cserrorcode and no X-Description; other errors have both', async () => {
  await using cloud = await openCloud();
  const unsigned = await raw(cloud, 'listZones');
  const login = await raw(cloud, 'login', { username: 'alice', password: 'wrong', domain: 'tenants' }, { method: 'POST' });
  expect([codes(unsigned), codes(login)]).toEqual(['401 401', '531 531']);
  expect([unsigned.headers.get('x-description'), login.headers.get('x-description')]).toEqual([null, null]);
  const other = await raw(cloud, 'listVirtualMachines', { id: 'nope' }, ADMIN);
  expect([codes(other), other.headers.get('x-description')]).toEqual(['431 431 9999', other.inner.errortext]);
});

test('12 many checks are made in the job only: a foreign instance is 530 there, shrinkok 432, an expunge 530', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{ name: 'root' }, { name: 'data', sizeGiB: 3 }] });
  const tag = { resourceids: vm.id, resourcetype: 'UserVm', 'tags[0].key': 'a', 'tags[0].value': 'b' };
  expect((await job(cloud, 'bob', 'createTags', tag)).jobresult).toMatchObject({ errorcode: 530 });
  const shrink = { id: cloud.fake.volume('data').id, size: '1' };
  expect((await job(cloud, 'alice', 'resizeVolume', shrink)).jobresult).toMatchObject({ errorcode: 432 });
  const expunge = { id: vm.id, expunge: 'true' };
  expect((await job(cloud, 'alice', 'destroyVirtualMachine', expunge)).jobresult).toMatchObject({ errorcode: 530 });
  expect([vm.tags, vm.state, cloud.fake.volume('data').sizeBytes]).toEqual([[], 'Stopped', 3 * 1024 ** 3]);
});

test('13 listApis of a forbidden name gives everything, of an unknown one 530; every role sees the same parameters', async () => {
  await using cloud = await openCloud();
  const apis = async (as: string, name?: string) => raw(cloud, 'listApis', name === undefined ? {} : { name }, { as });
  const counts = await Promise.all(['admin', 'dadmin', 'alice'].map(async (as) => (await apis(as)).inner.count as number));
  expect(counts).toEqual([872, 454, 401]);
  expect((await apis('alice', 'listHosts')).inner.count).toBe(counts[2]);
  expect((await apis('alice', 'listZones')).inner.count).toBe(1);
  expect(codes(await apis('alice', 'doWonders'))).toBe('530 530 9999');
  const params = async (as: string) =>
    ((await apis(as, 'deployVirtualMachine')).inner.api as Array<{ params: Array<{ name: string }> }>)[0]?.params;
  expect(await params('alice')).toEqual(await params('admin'));
  expect((await params('alice'))?.map(({ name }) => name)).toEqual(expect.arrayContaining(['blankinstance', 'clusterid']));
});

test('14 an unknown checkpoint is deleted with success', async () => {
  await using cloud = await openCloud({ exportApis: true });
  const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
  const params = { virtualmachineid: vm.id, checkpointid: 'cp-nobody-knows' };
  expect((await raw(cloud, 'deleteVirtualMachineCheckpoint', params, { ...ADMIN, method: 'POST' })).inner).toMatchObject({ success: true });
});
