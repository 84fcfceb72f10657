import { expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { silentLog } from '../log/index.ts';
import { kernelMigrations, migrate, openStore } from '../store/index.ts';
import { addressKey, type BanRule, Gate, Limits } from './index.ts';

const rule: BanRule = { threshold: 3, windowMs: 300_000, banMs: 300_000, maxBanMs: 3_600_000 };
const minute = 60_000;

async function openLimits() {
  const clock = new ManualClock();
  const store = await openStore({ url: ':memory:', stateDir: '/', log: silentLog(), clock });
  await migrate(store, kernelMigrations);
  const limits = new Limits({ store, clock });
  const failTimes = async (times: number) => {
    let last = {};
    for (let index = 0; index < times; index++) last = await limits.failed('ovirt', ['a'], rule);
    return last;
  };
  return { clock, store, limits, failTimes };
}

test('the failure that reaches the threshold bans, and the ban says how long', async () => {
  const { limits, failTimes, store } = await openLimits();
  await using _ = store;

  expect(await failTimes(2)).toEqual({});
  await limits.check('ovirt', ['a']);
  expect(await failTimes(1)).toEqual({ bannedForS: 300 });

  await expect(limits.check('ovirt', ['x', 'a'])).rejects.toMatchObject({
    code: 'FAIRLEAD_BANNED',
    status: 429,
    retryAfterS: 300,
    message: 'Too many failed logins. Try again in 300 seconds.',
  });
});

test('a ban holds for its face and its key only, and ends by itself', async () => {
  const { clock, limits, failTimes, store } = await openLimits();
  await using _ = store;
  await failTimes(3);

  await limits.check('cce', ['a']);
  await limits.check('ovirt', ['b']);
  clock.advance(5 * minute - 1);
  await expect(limits.check('ovirt', ['a'])).rejects.toMatchObject({ retryAfterS: 1 });
  clock.advance(1);
  await limits.check('ovirt', ['a']);
});

test('each further ban lasts twice as long, up to the longest', async () => {
  const { clock, failTimes, store } = await openLimits();
  await using _ = store;
  const lengths: unknown[] = [];
  for (let index = 0; index < 6; index++) {
    const { bannedForS = 0 } = (await failTimes(3)) as { bannedForS?: number };
    lengths.push(bannedForS);
    clock.advance(bannedForS * 1000);
  }

  expect(lengths).toEqual([300, 600, 1200, 2400, 3600, 3600]);
});

test('failures of an earlier window do not count, nor bans of long ago', async () => {
  const { clock, failTimes, store } = await openLimits();
  await using _ = store;
  await failTimes(2);
  clock.advance(rule.windowMs);
  expect(await failTimes(2)).toEqual({});
  expect(await failTimes(1)).toEqual({ bannedForS: 300 });

  clock.advance(rule.banMs + rule.maxBanMs);

  expect(await failTimes(3)).toEqual({ bannedForS: 300 });
});

test('a success forgets what failed before', async () => {
  const { limits, failTimes, store } = await openLimits();
  await using _ = store;
  await failTimes(2);
  await limits.succeeded('ovirt', ['a']);

  expect(await failTimes(2)).toEqual({});
});

test('failures at once are all counted, and begin one ban', async () => {
  const { limits, store } = await openLimits();
  await using _ = store;
  const bans = await Promise.all(Array.from({ length: 3 }, () => limits.failed('ovirt', ['a'], rule)));

  expect(bans.filter((one) => one.bannedForS)).toHaveLength(1);
});

test('a rule that was shortened shortens the bans of before', async () => {
  const { limits, failTimes, store } = await openLimits();
  await using _ = store;
  await failTimes(3);

  await expect(limits.check('ovirt', ['a'], { ...rule, maxBanMs: 10_000 })).rejects.toMatchObject({ retryAfterS: 10 });
});

test('keys of any length and no keys at all', async () => {
  const { limits, store } = await openLimits();
  await using _ = store;
  const long = 'x'.repeat(100_000);
  for (let index = 0; index < 3; index++) await limits.failed('ovirt', [long], rule);

  await expect(limits.check('ovirt', [long])).rejects.toMatchObject({ code: 'FAIRLEAD_BANNED' });
  await limits.check('ovirt', [`${long}x`]);
  await limits.check('ovirt', []);
  await limits.succeeded('ovirt', []);
});

test('the sweep removes what no longer counts, and nothing else', async () => {
  const { clock, limits, failTimes, store } = await openLimits();
  await using _ = store;
  await failTimes(3);
  clock.advance(rule.banMs + rule.maxBanMs - 1);
  expect(await limits.sweep()).toBe(0);
  clock.advance(1);

  expect(await limits.sweep()).toBe(1);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['nonsense', 'unknown'],
])('%s is counted as %s', (ip, key) => {
  expect(addressKey(ip)).toBe(key);
});

test('a gate lets so many in, the next in order', async () => {
  const gate = new Gate(1);
  const order: string[] = [];
  const first = await gate.enter();
  const second = gate.enter().then((place) => {
    order.push('second');
    return place;
  });
  const third = gate.enter().then((place) => {
    order.push('third');
    return place;
  });
  expect(order).toEqual([]);

  first[Symbol.dispose]();
  first[Symbol.dispose]();
  const place = await second;
  expect(order).toEqual(['second']);
  place[Symbol.dispose]();
  (await third)[Symbol.dispose]();

  expect(order).toEqual(['second', 'third']);
});

test('who gives up waiting at a gate takes no place', async () => {
  const gate = new Gate(1);
  const first = await gate.enter();
  const giveUp = new AbortController();
  const waiting = gate.enter(giveUp.signal);
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  first[Symbol.dispose]();

  using _ = await gate.enter();
  await expect(gate.enter(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
