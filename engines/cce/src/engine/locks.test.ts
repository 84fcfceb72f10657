import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { LOCK_WAIT_MS, Locks } from './locks.ts';

const never = new AbortController().signal;
const owner = (id: string) => ({ id });

test('writers get an object in the order of arrival, and an owner again at once', async () => {
  const locks = new Locks(new ManualClock());
  const [a, b, c] = [owner('a'), owner('b'), owner('c')];
  const order: string[] = [];
  expect(await locks.acquire(1, a, never)).toBe('held');
  expect(await locks.acquire(1, a, never)).toBe('held');
  const waiting = [b, c].map(async (one) => {
    expect(await locks.acquire(1, one, never)).toBe('held');
    order.push(one.id);
    locks.release([1], one);
  });
  locks.release([1], b);
  expect(order).toEqual([]);
  locks.release([1], a);
  await Promise.all(waiting);

  expect(order).toEqual(['b', 'c']);
  expect([...locks.oids()]).toEqual([]);
});

test('who waits too long, or gives up, leaves the queue to the others', async () => {
  const clock = new ManualClock();
  const locks = new Locks(clock);
  const [a, b, c, d] = [owner('a'), owner('b'), owner('c'), owner('d')];
  await locks.acquire(1, a, never);
  const late = locks.acquire(1, b, never);
  clock.advance(LOCK_WAIT_MS / 2);
  const stop = new AbortController();
  const stopped = locks.acquire(1, c, stop.signal);
  const patient = locks.acquire(1, d, never);
  stop.abort(new Error('gone'));
  await expect(stopped).rejects.toThrow('gone');
  clock.advance(LOCK_WAIT_MS / 2);
  expect(await late).toBe('conflict');
  locks.release([1], a);

  expect(await patient).toBe('held');
  await expect(locks.acquire(2, a, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});

test('a lock that is given in the same turn as the wait is given up goes on to the next', async () => {
  const locks = new Locks(new ManualClock());
  const [a, b, c] = [owner('a'), owner('b'), owner('c')];
  await locks.acquire(1, a, never);
  const stop = new AbortController();
  const second = locks.acquire(1, b, stop.signal).catch(() => 'gave up');
  const third = locks.acquire(1, c, never);
  stop.abort(new Error('gone'));
  locks.release([1], a);
  const outcome = await second;
  if (outcome === 'held') locks.release([1], b);

  expect(await third).toBe('held');
});

test('waiting in a ring is a conflict for whoever closes it', async () => {
  const locks = new Locks(new ManualClock());
  const [a, b, c] = [owner('a'), owner('b'), owner('c')];
  for (const [oid, one] of [a, b, c].entries()) await locks.acquire(oid, one, never);
  const first = locks.acquire(1, a, never);
  const second = locks.acquire(2, b, never);

  expect(await locks.acquire(0, c, never)).toBe('conflict');
  locks.release([2], c);
  expect(await second).toBe('held');
  locks.release([1, 2], b);
  expect(await first).toBe('held');
});
