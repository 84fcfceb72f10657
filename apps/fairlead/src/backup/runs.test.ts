import { expect, test } from 'vitest';
import { BLOCK_BYTES } from './checksum.ts';
import { coversDisk, dataRuns, RUN_BYTES } from './runs.ts';

const SIZE = 40 * BLOCK_BYTES + 512;

test('carries whole blocks, each once, and nothing of a block without data', () => {
  const runs = dataRuns(
    [
      { start: 0, length: 65_536, zero: false },
      { start: 65_536, length: 65_536, zero: true },
      { start: 131_072, length: 65_536, zero: false },
      { start: 196_608, length: 3 * BLOCK_BYTES, zero: true },
      { start: 196_608 + 3 * BLOCK_BYTES, length: 512, zero: false },
    ],
    SIZE,
  );

  expect(runs).toEqual([
    { start: 0, length: BLOCK_BYTES },
    { start: 3 * BLOCK_BYTES, length: BLOCK_BYTES },
  ]);
});

test('cuts long data into runs and ends at the end of the disk', () => {
  const runs = dataRuns([{ start: 0, length: SIZE, zero: false }], SIZE);

  expect(runs.reduce((sum, run) => sum + run.length, 0)).toBe(SIZE);
  expect(Math.max(...runs.map((run) => run.length))).toBe(RUN_BYTES);
  expect(runs.every((run) => run.start % BLOCK_BYTES === 0)).toBe(true);
});

test('joins neighbours up to the length of a run', () => {
  const extents = Array.from({ length: 20 }, (_, index) => ({ start: index * BLOCK_BYTES, length: BLOCK_BYTES, zero: false }));

  expect(dataRuns(extents, SIZE).map((run) => run.length)).toEqual([RUN_BYTES, RUN_BYTES, 4 * BLOCK_BYTES]);
});

test.each([
  [
    'a gap',
    [
      { start: 0, length: 10, zero: false },
      { start: 11, length: 9, zero: false },
    ],
  ],
  [
    'an overlap',
    [
      { start: 0, length: 10, zero: false },
      { start: 9, length: 11, zero: false },
    ],
  ],
  ['a missing end', [{ start: 0, length: 10, zero: false }]],
  [
    'an empty extent',
    [
      { start: 0, length: 0, zero: false },
      { start: 0, length: 20, zero: false },
    ],
  ],
])('%s does not cover the disk', (_what, extents) => {
  expect(coversDisk(extents, 20)).toBe(false);
});

test('extents without gap cover the disk', () => {
  expect(
    coversDisk(
      [
        { start: 0, length: 10, zero: false },
        { start: 10, length: 10, zero: true },
      ],
      20,
    ),
  ).toBe(true);
});
