import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import { Limiter } from './limiter.ts';
import { SingleFlight } from './single-flight.ts';

const never = new AbortController().signal;

/** Time passes only by sleeping. */
function sleepyClock(): Clock & { at: number } {
  const clock = {
    at: 0,
    now: () => clock.at,
    monotonic: () => clock.at,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      clock.at += ms;
    },
  };
  return clock;
}

test('X42: no more than the cap at once, first come first served', async () => {
  const limiter = new Limiter({ concurrency: 2 }, sleepyClock());
  const entered: number[] = [];
  const releases: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (n) => {
    releases[n] = await limiter.acquire(never);
    entered.push(n);
  });
  await turn();
  expect(entered).toEqual([0, 1]);
  releases[1]?.();
  releases[1]?.();
  await turn();
  expect(entered).toEqual([0, 1, 2]);
  releases[0]?.();
  await Promise.all(all);
  expect(entered).toEqual([0, 1, 2, 3]);
});

test('X42: who gives up waiting frees nothing and holds nothing', async () => {
  const limiter = new Limiter({ concurrency: 1 }, sleepyClock());
  const release = await limiter.acquire(never);
  const abort = new AbortController();
  const waiting = limiter.acquire(abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  release();
  (await limiter.acquire(never))();
  (await limiter.acquire(never))();
});

test('X42: the bucket lets a burst through and then so many each second', async () => {
  const clock = sleepyClock();
  const limiter = new Limiter({ concurrency: 100, rateLimit: { perSecond: 4, burst: 2 } }, clock);
  const at: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    (await limiter.acquire(never))();
    at.push(clock.at);
  }
  expect(at).toEqual([0, 0, 250, 500, 750]);
  clock.at += 10_000;
  for (let n = 0; n < 3; n += 1) (await limiter.acquire(never))();
  expect(clock.at).toBe(11_000);
});

test('limits that let nothing through are refused', () => {
  for (const options of [
    { concurrency: 0 },
    { concurrency: Number.NaN },
    { rateLimit: { perSecond: 0 } },
    { rateLimit: { perSecond: 1, burst: 0 } },
  ]) {
    expect(() => new Limiter(options, sleepyClock())).toThrow(ConfigurationError);
  }
});

test('one flight for all; a caller who leaves does not end it, the last one does', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const flight = new SingleFlight((signal) => {
    signals.push(signal);
    return promise;
  });
  const first = new AbortController();
  const [one, two] = [flight.run(first.signal), flight.run(never)];
  first.abort(new Error('left'));
  await expect(one).rejects.toThrow('left');
  expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  resolve('landed');
  expect(await two).toBe('landed');

  const alone = new AbortController();
  const stuck = new SingleFlight((signal) => {
    signals.push(signal);
    return new Promise<never>(() => undefined);
  });
  const gone = stuck.run(alone.signal);
  alone.abort(new Error('left too'));
  await expect(gone).rejects.toThrow('left too');
  expect(signals[1]?.aborted).toBe(true);
});
