import { createHmac } from 'node:crypto';
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

/** The signature over names in this order; values are encoded and everything is lower-cased as the server does. */
function signedInOrder(pairs: ReadonlyArray<readonly [string, string]>, secretKey: string): string {
  const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return createHmac('sha1', secretKey).update(text.toLowerCase()).digest('base64');
}

test('20 names are sorted as they were sent: sorted in lower case they fit only while that is the same order', async () => {
  await using cloud = await openCloud();
  const { apiKey, secretKey } = cloud.fake.user('alice');
  const status = async (params: Record<string, string>, compare: (a: string, b: string) => number) => {
    const pairs = Object.entries({ ...params, apiKey, response: 'json' });
    const signature = signedInOrder(
      pairs.toSorted(([a], [b]) => compare(a, b)),
      secretKey,
    );
    return (await fetch(`${cloud.fake.url}?${encodeForm([...pairs, ['signature', signature]])}`)).status;
  };
  const asSent = (a: string, b: string) => (a < b ? -1 : 1);
  const lowered = (a: string, b: string) => asSent(a.toLowerCase(), b.toLowerCase());
  const mixed = { command: 'listZones', Keyword: 'zone' };
  expect([await status(mixed, asSent), await status(mixed, lowered)]).toEqual([200, 401]);
  const small = { command: 'listZones', keyword: 'zone' };
  expect([await status(small, asSent), await status(small, lowered)]).toEqual([200, 200]);
});

test('21 expires may have any offset but no milliseconds, and counts only with version 3, however that name is written', async () => {
  await using cloud = await openCloud();
  const at = (ms: number) => new Date(cloud.fake.clock.now() + ms).toISOString().slice(0, 19);
  const status = (more: Record<string, string>) => get(cloud, 'listZones', more);
  const three = { signatureVersion: '3' };
  for (const offset of ['+0000', 'Z', '+00:00']) expect(await status({ ...three, expires: `${at(MINUTE)}${offset}` })).toBe(200);
  expect(await status({ ...three, expires: `${at(121 * MINUTE)}+0200` })).toBe(200);
  expect(await status({ ...three, expires: `${at(119 * MINUTE)}+0200` })).toBe(401);
  for (const bad of [`${at(MINUTE)}.000+0000`, `${at(-MINUTE)}+0000`, 'tomorrow', ''])
    expect(await status({ ...three, expires: bad })).toBe(401);
  const past = `${at(-MINUTE)}+0000`;
  expect(await status({ expires: past })).toBe(200);
  expect(await status({ signatureversion: '3', expires: past })).toBe(401);
});

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
