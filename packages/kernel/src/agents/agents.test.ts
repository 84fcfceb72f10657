import { expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { silentLog } from '../log/index.ts';
import { kernelMigrations, migrate, openStore } from '../store/index.ts';
import { Agents } from './index.ts';

const facts = {
  id: 'a',
  name: 'kvm1',
  addresses: ['192.0.2.1', '2001:db8::1'],
  dataUrl: 'https://kvm1:54322',
  controlUrl: 'https://kvm1:54325',
  fingerprint: 'AB:CD',
};

test('an agent is added, changed, seen, listed and removed', async () => {
  const clock = new ManualClock(1000);
  await using store = await openStore({ url: ':memory:', stateDir: '/', log: silentLog(), clock });
  await migrate(store, kernelMigrations);
  const agents = new Agents({ store, clock });
  await agents.put(facts);
  await agents.put({ ...facts, id: 'b', name: 'kvm0' });
  clock.advance(5);
  await agents.put({ ...facts, fingerprint: 'EF' });

  expect(await agents.get('a')).toEqual({ ...facts, fingerprint: 'EF', createdMs: 1000, seenMs: 1005 });
  expect(await agents.get('c')).toBeUndefined();
  expect((await agents.list()).map((one) => one.name)).toEqual(['kvm0', 'kvm1']);

  clock.advance(5);
  await agents.seen('b');
  expect(await agents.get('b')).toMatchObject({ createdMs: 1000, seenMs: 1010 });
  expect(await agents.remove('b')).toBe(true);
  expect(await agents.remove('b')).toBe(false);
});
