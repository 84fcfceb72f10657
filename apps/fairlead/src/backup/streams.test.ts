import { expect, test } from 'vitest';
import { carryRuns } from './streams.ts';

const runs = Array.from({ length: 10 }, (_, index) => ({ start: index, length: 1 }));
const stream = () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
const never = new AbortController().signal;

test('carries every run once and never more at a time than there are streams', async () => {
  const carried: number[] = [];
  let busy = 0;
  let most = 0;

  await carryRuns(runs, 4, stream, {
    signal: never,
    carry: async (_stream, run) => {
      busy += 1;
      most = Math.max(most, busy);
      await Promise.resolve();
      carried.push(run.start);
      busy -= 1;
    },
  });

  expect(carried.toSorted((a, b) => a - b)).toEqual(runs.map((run) => run.start));
  expect(most).toBe(4);
});

test('the first failure stops the other streams and is the one thrown', async () => {
  const carried: number[] = [];

  const carrying = carryRuns(runs, 2, stream, {
    signal: never,
    carry: async (_stream, run) => {
      if (run.start === 1) throw new Error('cut');
      await Promise.resolve();
      carried.push(run.start);
    },
  });

  await expect(carrying).rejects.toThrow('cut');
  expect(carried.length).toBeLessThan(runs.length - 1);
});

test('closes every stream, also after a failure', async () => {
  let open = 0;
  const counted = async () => {
    open += 1;
    return {
      [Symbol.asyncDispose]: async () => {
        open -= 1;
      },
    };
  };

  await expect(carryRuns(runs, 3, counted, { signal: never, carry: () => Promise.reject(new Error('cut')) })).rejects.toThrow('cut');

  expect(open).toBe(0);
});
