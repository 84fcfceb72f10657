import { expect, test } from 'vitest';
import { ManualClock, systemClock } from './index.ts';

test('a manual clock wakes a sleeper only when its time has come', async () => {
  const clock = new ManualClock(0);
  const woken: number[] = [];
  const sleeping = clock.sleep(100).then(() => woken.push(clock.now()));

  clock.advance(99);
  await Promise.resolve();
  expect(woken).toEqual([]);
  clock.advance(1);
  await sleeping;

  expect(woken).toEqual([100]);
});

test.each([
  ['manual', new ManualClock(0)],
  ['system', systemClock],
])('an aborted sleep of the %s clock rejects with the reason', async (_name, clock) => {
  const stop = new AbortController();
  const sleeping = clock.sleep(60_000, stop.signal);

  stop.abort(new Error('enough'));

  await expect(sleeping).rejects.toThrow('enough');
});
