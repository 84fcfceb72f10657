import { expect, test } from 'vitest';
import { NetworkError, TimeSyncError } from '../errors/errors.ts';
import { ServerClock, type ServerClockOptions } from './server-clock.ts';

const never = new AbortController().signal;

function measured(answer: () => unknown, options: Partial<ServerClockOptions> = {}) {
  const time = { wall: 1_457_018_875_500, steady: 0 };
  const asked = { times: 0 };
  const clock = { now: () => time.wall, monotonic: () => time.steady, sleep: async () => undefined };
  const fetchTime = async () => {
    asked.times += 1;
    const before = time.wall;
    const data = await answer();
    return { data, durationMs: time.wall - before };
  };
  return { time, asked, server: new ServerClock({ clock, fetchTime, ...options }) };
}

test('P02 P03 P04: nothing is asked when it is made, then once; the difference is server minus local', async () => {
  const { asked, server } = measured(() => 1_457_018_881);
  expect(asked.times).toBe(0);
  expect(await server.delta(never)).toBe(6000);
  expect(await server.delta(never)).toBe(6000);
  expect(asked.times).toBe(1);
  expect(server.timestamp(6000)).toBe(1_457_018_881);
});

test('the way there and back counts half', async () => {
  const { time, server } = measured(() => {
    time.wall += 2000;
    return 1_457_018_876;
  });
  expect(await server.delta(never)).toBe(0);
});

test('X03: 50 who ask at once cause one question', async () => {
  const { asked, server } = measured(() => 1_457_018_881);
  await Promise.all(Array.from({ length: 50 }, () => server.delta(never)));
  expect(asked.times).toBe(1);
});

test('X04: a fixed difference of 0 asks nothing, and timeSync: false neither', async () => {
  for (const options of [{ timeDelta: 0 }, { timeSync: false }]) {
    const { asked, server } = measured(() => 1, options);
    expect(await server.delta(never)).toBe(0);
    expect([asked.times, server.adjustable]).toEqual([0, false]);
  }
  expect(await measured(() => 1, { timeDelta: -7 }).server.delta(never)).toBe(-7000);
});

test('X06: a clock that jumps is measured anew, one that only drifts is not', async () => {
  const { time, asked, server } = measured(() => 1_457_018_881);
  await server.delta(never);
  time.wall += 61_500;
  time.steady += 60_000;
  await server.delta(never);
  expect(asked.times).toBe(1);
  time.wall += 3_600_000 - 61_500;
  expect(await server.delta(never)).toBe(6000 - 3_600_000);
  time.wall -= 10_000;
  await server.delta(never);
  expect(asked.times).toBe(3);
});

test('a difference is believed for an hour, or as long as told', async () => {
  for (const timeTtlMs of [undefined, 5000]) {
    const { time, asked, server } = measured(() => 1_457_018_881, { timeTtlMs });
    const life = timeTtlMs ?? 3_600_000;
    await server.delta(never);
    time.wall += life - 1;
    time.steady += life - 1;
    await server.delta(never);
    expect(asked.times).toBe(1);
    time.wall += 1;
    time.steady += 1;
    await server.delta(never);
    expect(asked.times).toBe(2);
  }
});

test('what was rejected is forgotten once, however many say so', async () => {
  let now = 1_457_018_881;
  const { asked, server } = measured(() => now);
  const old = await server.delta(never);
  now += 100;
  server.reject(old);
  const fresh = await server.delta(never);
  server.reject(old);
  expect(await server.delta(never)).toBe(fresh);
  expect(asked.times).toBe(2);
});

test('N18: a failure says so, has its cause, and is not remembered', async () => {
  let broken = true;
  const { server } = measured(() => {
    if (broken) throw new NetworkError('no way', false);
    return 1_457_018_881;
  });
  const error = await server.delta(never).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TimeSyncError);
  expect(error).toMatchObject({ message: 'Unable to fetch OVH API time: no way', cause: expect.any(NetworkError) });
  broken = false;
  expect(await server.delta(never)).toBe(6000);
});

for (const answer of [null, 'x', '1457018881', 1.5, -1, {}, [], 2 ** 60]) {
  test(`G14: ${JSON.stringify(answer)} is no time`, async () => {
    await expect(measured(() => answer).server.delta(never)).rejects.toBeInstanceOf(TimeSyncError);
  });
}
