import { describe, expect, test } from 'vitest';
import { assertRange, shapeFor } from './limits.ts';
import type { Agreement } from './negotiate.ts';

const MiB = 1024 * 1024;

function agreement(size: number, min: number, max: number): Agreement {
  return { size, flags: 0, blockSize: { min, preferred: Math.max(min, 4096), max }, mode: 'structured', contexts: [] };
}

describe('limits', () => {
  test.each([
    ['as wished', MiB, 1, 32 * MiB, MiB],
    ['cut to what the server takes', MiB, 512, 300_000, 299_520],
    ['raised to one block', 512, 4096, 32 * MiB, 4096],
    ['never beyond 32 MiB', 1024 * MiB, 1, 0xffffffff, 32 * MiB],
    ['whole blocks', 100_000, 4096, 32 * MiB, 98_304],
  ])('requests are %s', (_name, wished, min, max, expected) => {
    expect(shapeFor(agreement(MiB, min, max), wished, 4).requestBytes).toBe(expected);
  });

  test('at least one request runs', () => {
    expect(shapeFor(agreement(MiB, 1, MiB), MiB, 0).inFlight).toBe(1);
  });

  test.each([
    [-1, 1],
    [0.5, 1],
    [0, -1],
    [0, Number.NaN],
    [10_000, 1],
    [0, 10_001],
    [2 ** 53, 1],
  ])('refuse a range at %d of %d bytes', (offset, length) => {
    const shape = shapeFor(agreement(10_000, 1, MiB), MiB, 4);

    expect(() => assertRange(shape, offset, length)).toThrow(expect.objectContaining({ code: 'NBD_OUT_OF_RANGE' }));
  });

  test('refuse the part of a last block that the export lacks, and say why', () => {
    const shape = shapeFor(agreement(10_000, 4096, MiB), MiB, 4);

    expect(() => assertRange(shape, 8192, 1)).toThrow(/last block is out of reach/);
    expect(() => assertRange(shape, 0, 8192)).not.toThrow();
  });
});
