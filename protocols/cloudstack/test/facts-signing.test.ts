import { expect, test } from 'vitest';
import { encodeForm, sign } from '../src/auth.ts';
import { type Cloud, openCloud } from './support.ts';

/** A signed GET with `expires` so far ahead; version 2 without it. */
async function get(cloud: Cloud, command: string, more: Record<string, string> = {}, aheadMs?: number): Promise<number> {
  const { apiKey, secretKey } = cloud.fake.user('alice');
  const params: Array<readonly [string, string]> = Object.entries({ command, response: 'json', apiKey, ...more });
  if (aheadMs !== undefined) {
    const expires = new Date(cloud.fake.clock.now() + aheadMs).toISOString().replace(/\.\d+Z$/, '+0000');
    params.push(['signatureVersion', '3'], ['expires', expires]);
  }
  params.push(['signature', sign(params, secretKey)]);
  return (await fetch(`${cloud.fake.url}?${encodeForm(params)}`)).status;
}

const MINUTE = 60_000;

test('22 with enforced timestamps, version 3 is required, expires at most 15 minutes ahead, and changes need POST', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{}] });
  expect([await get(cloud, 'listZones'), await get(cloud, 'listZones', {}, 60 * MINUTE)]).toEqual([200, 200]);
  cloud.fake.settings.enforceTimestamps = true;
  expect(await get(cloud, 'listZones')).toBe(401);
  expect([await get(cloud, 'listZones', {}, 14 * MINUTE), await get(cloud, 'listZones', {}, 16 * MINUTE)]).toEqual([200, 401]);
  expect(await get(cloud, 'stopVirtualMachine', { id: vm.id }, MINUTE)).toBe(400);
  await cloud.client({ user: 'alice' }).run('stopVirtualMachine', { id: vm.id });
});

test('22 in a login session a change by GET is refused too', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'one', account: 'alice', disks: [{}] });
  cloud.fake.settings.enforceTimestamps = true;
  const { password, domain } = cloud.fake.user('alice');
  const body = new URLSearchParams({ command: 'login', response: 'json', username: 'alice', password, domain });
  const login = await fetch(cloud.fake.url, { method: 'POST', body });
  const { loginresponse } = (await login.json()) as { loginresponse: { sessionkey: string } };
  const cookie = login.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const call = async (params: Record<string, string>) => {
    const query = new URLSearchParams({ response: 'json', sessionkey: loginresponse.sessionkey, ...params });
    return (await fetch(`${cloud.fake.url}?${query}`, { headers: { cookie } })).status;
  };
  expect(await call({ command: 'listZones' })).toBe(200);
  expect(await call({ command: 'stopVirtualMachine', id: vm.id })).toBe(400);
});

test('23 a four-byte character is signed correctly and then fails with 530, not with 401', async () => {
  await using cloud = await openCloud();
  expect(await get(cloud, 'listVirtualMachines', { keyword: 'naïve €' }, MINUTE)).toBe(200);
  expect(await get(cloud, 'listVirtualMachines', { keyword: '😀' }, MINUTE)).toBe(530);
});
