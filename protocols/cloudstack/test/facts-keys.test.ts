import { expect, test } from 'vitest';
import { codes, job, raw } from './raw.ts';
import { openCloud } from './support.ts';

/** Facts 24 and 43 of the recordings of CloudStack 4.23: key pairs. */

test('24 registerUserKeys is a job that adds a pair: older ones go on working, getUserKeys gives the newest', async () => {
  await using cloud = await openCloud({ jobDelayMs: 1000 });
  const { id } = cloud.fake.userRow('alice');
  const first = cloud.fake.user('alice');
  const started = await raw(cloud, 'registerUserKeys', { id }, { as: 'alice', method: 'POST' });
  expect(Object.keys(started.inner)).toEqual(['jobid']);
  expect(cloud.fake.userRow('alice').keys).toHaveLength(1);
  cloud.fake.clock.advance(1000);
  const newest = (await raw(cloud, 'getUserKeys', { id }, { keys: first })).inner.userkeys as { apikey: string; secretkey: string };
  expect(newest.apikey).not.toBe(first.apiKey);
  const second = { apiKey: newest.apikey, secretKey: newest.secretkey };
  for (const keys of [first, second]) expect(codes(await raw(cloud, 'listZones', {}, { keys }))).toBe('200');
});

test('24 listUserKeys shows the pairs and deleteUserKeys takes one of them away by its keypairid', async () => {
  await using cloud = await openCloud();
  const { id } = cloud.fake.userRow('alice');
  const first = cloud.fake.user('alice');
  await job(cloud, 'alice', 'registerUserKeys', { id });
  const listed = async () =>
    (await raw(cloud, 'listUserKeys', { userid: id }, { as: 'admin' })).inner.userapikey as Array<{ id: string; apikey: string }>;
  const [older] = await listed();
  expect([(await listed()).length, older?.apikey]).toEqual([2, first.apiKey]);
  expect(codes(await raw(cloud, 'deleteUserKeys', { id }, { as: 'admin', method: 'POST' }))).toBe('431 431 9999');
  expect(await job(cloud, 'admin', 'deleteUserKeys', { keypairid: older?.id ?? '' })).toMatchObject({ jobresult: { success: true } });
  expect(await listed()).toHaveLength(1);
  expect((await raw(cloud, 'listZones', {}, { keys: first })).status).toBe(401);
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(200);
});

test('24 keys for somebody else are refused in the job', async () => {
  await using cloud = await openCloud();
  const failed = await job(cloud, 'bob', 'registerUserKeys', { id: cloud.fake.userRow('alice').id });
  expect(failed).toMatchObject({ jobstatus: 2, jobresult: { errorcode: 530 } });
  expect(cloud.fake.userRow('alice').keys).toHaveLength(1);
});

test('43 getUserKeys says whether keys may be used as a boolean beside the pair, whose access a root admin changes', async () => {
  await using cloud = await openCloud();
  const { id } = cloud.fake.userRow('alice');
  const { apiKey, secretKey } = cloud.fake.user('alice');
  const keys = async () => (await raw(cloud, 'getUserKeys', { id }, { as: 'admin' })).inner;
  expect(await keys()).toEqual({ userkeys: { apikey: apiKey, secretkey: secretKey, apikeyaccess: true } });
  await raw(cloud, 'updateUser', { id, apikeyaccess: 'DISABLED' }, { as: 'admin', method: 'POST' });
  expect(await keys()).toMatchObject({ userkeys: { apikeyaccess: false } });
  expect((await raw(cloud, 'listZones', {}, { as: 'alice' })).status).toBe(401);
});

test('43 the result of registerUserKeys has the whole pair with name, id, state and owner', async () => {
  await using cloud = await openCloud();
  const row = cloud.fake.userRow('alice');
  const { jobresult } = await job(cloud, 'alice', 'registerUserKeys', { id: row.id, name: 'backup' });
  const newest = row.keys.at(-1);
  expect(jobresult).toEqual({
    userkeys: expect.objectContaining({
      name: 'backup',
      id: newest?.id,
      apikey: newest?.apiKey,
      secretkey: newest?.secretKey,
      state: 'ENABLED',
      userid: row.id,
      username: 'alice',
      accountname: 'alice',
      domainpath: 'ROOT/tenants',
      rolename: 'User',
    }) as unknown,
  });
});
