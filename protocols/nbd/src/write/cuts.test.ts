import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutEnd, isAligned } from './cuts.ts';

function cuts(offset: number, length: number, shape: { align: number; requestBytes: number }): [number, number][] {
  const all: [number, number][] = [];
  for (let at = offset; at < offset + length; ) {
    const end = cutEnd(at, offset + length, shape);
    all.push([at, end]);
    at = end;
  }
  return all;
}

describe('cuts', () => {
  test('end at multiples of the request size', () => {
    expect(cuts(100, 2500, { align: 1, requestBytes: 1000 })).toEqual([
      [100, 1000],
      [1000, 2000],
      [2000, 2600],
    ]);
  });

  test('keep unaligned ends apart from whole blocks', () => {
    expect(cuts(100, 3000, { align: 512, requestBytes: 1024 })).toEqual([
      [100, 512],
      [512, 1024],
      [1024, 2048],
      [2048, 3072],
      [3072, 3100],
    ]);
  });

  test('keep a range within one block whole', () => {
    expect(cuts(600, 10, { align: 512, requestBytes: 1024 })).toEqual([[600, 610]]);
    expect(cuts(512, 10, { align: 512, requestBytes: 1024 })).toEqual([[512, 522]]);
  });

  test('cover any range; only parts within one block are unaligned', async () => {
    const range = fc.record({ offset: fc.nat(100_000), length: fc.integer({ min: 1, max: 100_000 }) });
    const inputs = fc.tuple(range, fc.nat(12), fc.integer({ min: 1, max: 8 }));
    await fuzz(
      'nbd.cuts',
      inputs,
      ([{ offset, length }, power, blocks]) => {
        const align = 2 ** power;
        const requestBytes = align * blocks;
        fc.pre(length / requestBytes < 500);

        const all = cuts(offset, length, { align, requestBytes });

        expect(all[0]?.[0]).toBe(offset);
        expect(all.at(-1)?.[1]).toBe(offset + length);
        for (const [start, end] of all) {
          expect(end - start).toBeLessThanOrEqual(requestBytes);
          const withinBlock = Math.floor(start / align) === Math.floor((end - 1) / align);
          expect(isAligned(start, end, align) || withinBlock).toBe(true);
        }
      },
      { share: 3 },
    );
  });
});
