import { expect, test } from 'vitest';
import { FakeClock, FakeOvh, type Unsettled } from '../src/fake/index.ts';
import { member, send, signed } from './support/fake-caller.ts';

const NOW = 1_800_000_000_000;

function start(unsettled: Partial<Unsettled>) {
  return FakeOvh.start({ clock: new FakeClock(NOW), unsettled });
}

test.each([
  ['either', 200, 200],
  ['prefixed', 200, 403],
  ['bare', 403, 200],
] as const)('rules of v2 in the form %s', async (v2Rules, prefixed, bare) => {
  await using fake = await start({ v2Rules });
  const statuses = ['/v2/iam/*', '/iam/*'].map(async (path) => {
    const keys = fake.issue({ rules: [{ method: 'GET', path }] });
    return (await signed(fake, 'GET', '/v2/iam/resource', { keys })).status;
  });
  expect(await Promise.all(statuses)).toEqual([prefixed, bare]);
});

test('X32 lists of v1 can be of ids, whatever the headers say', async () => {
  await using fake = await start({ objectLists: false });
  const reply = await signed(fake, 'GET', '/1.0/vps', { headers: { 'X-Pagination-Mode': 'CachedObjectList-Pages' } });
  expect(reply.json).toEqual([...fake.state.vps.keys()]);
  expect(reply.headers['x-pagination-elements']).toBeUndefined();
});

test('X33 items of a batch can be their value alone, and a batch can be unknown', async () => {
  const ask = async (fake: FakeOvh) => {
    const [id = ''] = fake.state.vps.keys();
    return await signed(fake, 'GET', `/1.0/vps/${id},none`, { headers: { 'X-Ovh-Batch': ',' } });
  };
  await using values = await start({ batch: 'value' });
  expect((await ask(values)).json).toEqual([{ value: expect.objectContaining({ state: expect.any(String) }) }, { value: null }]);
  await using off = await start({ batch: 'off' });
  expect((await ask(off)).status).toBe(404);
});

test('X16 the class of a 401 and the message of a missing object', async () => {
  await using fake = await start({ unauthorizedClass: 'Client::Forbidden', missingObject: 'No $& {value} ({member})' });
  const bare = await send(fake, 'GET', '/1.0/me', { headers: { 'X-Ovh-Application': fake.keys.applicationKey } });
  expect([bare.status, member(bare, 'class')]).toEqual([401, 'Client::Forbidden']);
  expect(member(await signed(fake, 'GET', '/1.0/vps/$&'), 'message')).toBe('No $& $& (serviceName)');
});

test.each([
  ['seconds', '60'],
  ['date', 'Fri, 15 Jan 2027 08:01:00 GMT'],
  ['none', undefined],
] as const)('X10 a 429 says when to come again: %s', async (retryAfter, wanted) => {
  await using fake = await start({ retryAfter });
  fake.quota = { requests: 0, seconds: 60 };
  const reply = await signed(fake, 'GET', '/1.0/me');
  expect([reply.status, reply.headers['retry-after']]).toEqual([429, wanted]);
});
