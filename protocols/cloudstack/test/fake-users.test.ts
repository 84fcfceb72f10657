import { expect, test } from 'vitest';
import { refusal } from './backup-support.ts';
import { codes, job, raw } from './raw.ts';
import { logIn, signIn } from './sign-in.ts';
import { type Cloud, openCloud } from './support.ts';

/** Whether alice may use her keys, log in, and go on in a session that she has. */
async function doors(cloud: Cloud, session: { call(command: string): Promise<{ status: number }> }): Promise<number[]> {
  const { password, domain } = cloud.fake.user('alice');
  const keys = await raw(cloud, 'listZones', {}, { as: 'alice' });
  const login = await logIn(cloud, { username: 'alice', password, domain });
  return [keys.status, login.status, (await session.call('listZones')).status];
}

test('a disabled user has no door; enabled again its keys and logins work', async () => {
  await using cloud = await openCloud();
  const session = await signIn(cloud, 'alice');
  const { id } = cloud.fake.userRow('alice');
  expect(await doors(cloud, session)).toEqual([200, 200, 200]);
  expect(await job(cloud, 'dadmin', 'disableUser', { id })).toMatchObject({ jobresult: { user: { state: 'disabled' } } });
  expect(await doors(cloud, session)).toEqual([401, 531, 401]);
  expect((await raw(cloud, 'enableUser', { id }, { as: 'dadmin', method: 'POST' })).inner).toMatchObject({ user: { state: 'enabled' } });
  expect((await doors(cloud, await signIn(cloud, 'alice'))).slice(0, 2)).toEqual([200, 200]);
});

test('a locked user keeps its keys and cannot log in', async () => {
  await using cloud = await openCloud();
  const session = await signIn(cloud, 'alice');
  const locked = await raw(cloud, 'lockUser', { id: cloud.fake.userRow('alice').id }, { as: 'admin', method: 'POST' });
  expect(locked.inner).toMatchObject({ user: { state: 'locked' } });
  expect((await doors(cloud, session)).slice(0, 2)).toEqual([200, 531]);
});

test('a disabled account stops its instances and its keys; lockAccount does nothing but say so', async () => {
  await using cloud = await openCloud();
  await cloud.fake.addVm({ name: 'one', account: 'alice', state: 'Running', disks: [{}] });
  const alice = { account: 'alice', domainid: cloud.fake.userRow('alice').account.domain.id };
  expect(codes(await raw(cloud, 'lockAccount', alice, { as: 'admin', method: 'POST' }))).toBe('530 530 4250');
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(200);
  const disabled = await job(cloud, 'admin', 'disableAccount', { ...alice, lock: 'false' });
  expect(disabled).toMatchObject({ jobresult: { account: { state: 'disabled', vmrunning: 0, vmstopped: 1 } } });
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(401);
  await raw(cloud, 'enableAccount', alice, { as: 'admin', method: 'POST' });
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(200);
});

test('only an administrator changes other users, and nobody the access to keys but a root admin', async () => {
  await using cloud = await openCloud();
  const { id } = cloud.fake.userRow('alice');
  const update = async (as: string, params: Record<string, string>) =>
    codes(await raw(cloud, 'updateUser', { id, ...params }, { as, method: 'POST' }));
  expect(await update('bob', { firstname: 'Eve' })).toBe('531 531 4365');
  expect(await update('alice', { firstname: 'Alice' })).toBe('200');
  expect(await update('dadmin', { apikeyaccess: 'DISABLED' })).toBe('531 531 4365');
  expect(await update('alice', { password: 'new' })).toBe('431 431 4350');
  expect(await update('alice', { password: 'new', currentpassword: 'alice-password' })).toBe('200');
  expect([cloud.fake.userRow('alice').firstname, cloud.fake.userRow('alice').password]).toEqual(['Alice', 'new']);
});

test('a pair of keys works between its dates only', async () => {
  await using cloud = await openCloud();
  const row = cloud.fake.userRow('alice');
  const enddate = new Date(cloud.fake.clock.now() + 60_000).toISOString();
  await job(cloud, 'alice', 'registerUserKeys', { id: row.id, enddate });
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(200);
  cloud.fake.clock.advance(61_000);
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(401);
});

test('limits are counted from what an account has; a root admin has none', async () => {
  await using cloud = await openCloud();
  const { cloud: rows } = cloud.fake;
  await cloud.fake.addVm({ name: 'one', account: 'alice', cpu: 2, memoryMiB: 2048, disks: [{ sizeGiB: 2 }, { sizeGiB: 3 }] });
  const { inner } = await raw(cloud, 'listAccounts', {}, { as: 'alice' });
  expect(inner.account).toMatchObject([
    { vmtotal: 1, vmavailable: '19', cputotal: 2, memorytotal: 2048, volumetotal: 2, volumeavailable: '18', primarystoragetotal: 5 },
  ]);
  const limits = await raw(cloud, 'listResourceLimits', { resourcetype: '8' }, { as: 'alice' });
  expect(limits.inner).toMatchObject({ count: 1, resourcelimit: [{ resourcetypename: 'cpu', max: 40 }] });
  const account = { account: 'alice', domainid: cloud.fake.userRow('alice').account.domain.id, resourcetype: '8', max: '2' };
  expect(codes(await raw(cloud, 'updateResourceLimit', account, { as: 'alice', method: 'POST' }))).toBe('432 432 9999');
  expect(codes(await raw(cloud, 'updateResourceLimit', account, { as: 'dadmin', method: 'POST' }))).toBe('200');
  const ids = { serviceofferingid: rows.serviceOfferings[0]?.id, templateid: rows.templates[0]?.id, zoneid: rows.zone.id };
  expect(await refusal(cloud.client({ user: 'alice' }).call('deployVirtualMachine', ids))).toMatch(/^535 .*'cpu'/);
  await cloud.client().run('deployVirtualMachine', ids);
});
