import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Asked, type ContextStatus, ExtentAssembler, type NbdExtent } from './zip.ts';

type Areas = readonly (readonly [length: number, flags: number])[];

function context(kind: ContextStatus['kind'], areas: Areas): ContextStatus {
  const lengths = Float64Array.from(areas, ([length]) => length);
  const flags = Float64Array.from(areas, ([, flag]) => flag);
  return { kind, status: { contextId: 1, lengths, flags } };
}

function asked(offset: number, length: number, rest: Partial<Asked> = {}): Asked {
  return { offset, length, align: 1, size: 1_000_000, ...rest };
}

function assemble(statuses: readonly ContextStatus[], from = 0, to = 1000): { end: number; extents: NbdExtent[] } {
  const assembler = new ExtentAssembler();
  const end = assembler.add(asked(from, to - from), statuses, from, to);
  return { end, extents: assembler.finish() };
}

const PROTOCOL = expect.objectContaining({ code: 'NBD_PROTOCOL' });

describe('imageio 17.107, 17.109: extent assembler', () => {
  test('cuts at the borders of every context', () => {
    const allocation = context('allocation', [
      [300, 0],
      [700, 3],
    ]);
    const depth = context('depth', [
      [500, 1],
      [500, 0],
    ]);
    const dirty = context('dirty', [[1000, 1]]);

    const { end, extents } = assemble([allocation, depth, dirty]);

    expect(end).toBe(1000);
    expect(extents).toEqual([
      { start: 0, length: 300, allocation: 0, depth: 1, dirty: 1 },
      { start: 300, length: 200, allocation: 3, depth: 1, dirty: 1 },
      { start: 500, length: 500, allocation: 3, depth: 0, dirty: 1 },
    ]);
  });

  test('ovirt 12.12: stops where the shortest context stops', () => {
    const { end, extents } = assemble([context('allocation', [[1000, 0]]), context('dirty', [[64, 1]])]);

    expect(end).toBe(64);
    expect(extents).toEqual([{ start: 0, length: 64, allocation: 0, dirty: 1 }]);
  });

  test('clips a last area that exceeds the request', () => {
    expect(assemble([context('allocation', [[5000, 3]])]).extents).toEqual([{ start: 0, length: 1000, allocation: 3 }]);
  });

  test('begins within the first area if the request was widened', () => {
    const assembler = new ExtentAssembler();

    const end = assembler.add(asked(512, 512), [context('allocation', [[512, 0]])], 700, 1000);

    expect(end).toBe(1000);
    expect(assembler.finish()).toEqual([{ start: 700, length: 300, allocation: 0 }]);
  });

  test('merges equal neighbours within and across replies', () => {
    const assembler = new ExtentAssembler();
    const halves: Areas = [
      [100, 0],
      [400, 0],
    ];

    assembler.add(asked(0, 500), [context('allocation', halves)], 0, 500);
    const early = assembler.take();
    assembler.add(asked(500, 500), [context('allocation', halves)], 500, 1000);

    expect(early).toEqual([]);
    expect(assembler.finish()).toEqual([{ start: 0, length: 1000, allocation: 0 }]);
  });

  test('ignores unknown bits, but takes a depth for the number it is', () => {
    const { extents } = assemble([
      context('allocation', [[1000, 2 ** 40 + 0xfc + 2]]),
      context('dirty', [[1000, 6]]),
      context('depth', [[1000, 260]]),
    ]);

    expect(extents).toEqual([{ start: 0, length: 1000, allocation: 2, dirty: 0, depth: 260 }]);
  });

  test('refuses areas behind what was asked for', () => {
    const areas: Areas = [
      [1000, 0],
      [1, 0],
    ];

    expect(() => assemble([context('allocation', areas)])).toThrow(PROTOCOL);
  });

  test('refuses an area that ends within a block, unless the export ends there', () => {
    const assembler = new ExtentAssembler();
    const cut = [context('allocation', [[700, 0]])];

    expect(() => assembler.add(asked(0, 1024, { align: 512 }), cut, 0, 1024)).toThrow(PROTOCOL);
    expect(assembler.add(asked(0, 1024, { align: 512, size: 700 }), cut, 0, 700)).toBe(700);
  });

  test('agrees with a byte by byte picture, however the replies are cut', async () => {
    const picture = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 1), fc.nat(2)), { minLength: 1, maxLength: 60 });
    const seeds = fc.infiniteStream(fc.nat(15));
    await fuzz(
      'nbd.extents-zip',
      fc.tuple(picture, seeds),
      ([bytes, random]) => {
        const assembler = new ExtentAssembler();
        let at = 0;
        while (at < bytes.length) {
          const statuses = [
            shortReply(
              'allocation',
              bytes.map(([value]) => value),
              at,
              random,
            ),
            shortReply(
              'dirty',
              bytes.map(([, value]) => value),
              at,
              random,
            ),
            shortReply(
              'depth',
              bytes.map(([, , value]) => value),
              at,
              random,
            ),
          ];
          at = assembler.add(asked(at, bytes.length - at, { size: bytes.length }), statuses, at, bytes.length);
        }
        const extents = assembler.finish();
        const painted = extents.flatMap(({ length, allocation, dirty, depth }) => new Array(length).fill([allocation, dirty, depth]));
        expect(painted).toEqual(bytes);
        expectDistinctNeighbours(extents);
      },
      { share: 3 },
    );
  });
});

/** What a server may answer from `at` on: true areas, split at will, ending early at will, the last one perhaps too long. */
function shortReply(kind: ContextStatus['kind'], values: readonly number[], at: number, random: Iterator<number>): ContextStatus {
  const next = (): number => random.next().value as number;
  const end = Math.min(values.length, at + 1 + next() * 2);
  const areas: [number, number][] = [];
  for (let index = at; index < end; index += 1) {
    const last = areas.at(-1);
    const value = values[index] as number;
    if (last !== undefined && last[1] === value && next() > 2) last[0] += 1;
    else areas.push([1, value]);
  }
  const last = areas.at(-1);
  if (end === values.length && last !== undefined && next() > 7) last[0] += 1000;
  return context(kind, areas);
}

function expectDistinctNeighbours(extents: readonly NbdExtent[]): void {
  for (const [index, extent] of extents.slice(1).entries()) {
    const before = extents[index] as NbdExtent;
    expect(before.start + before.length).toBe(extent.start);
    expect([before.allocation, before.dirty, before.depth]).not.toEqual([extent.allocation, extent.dirty, extent.depth]);
  }
}
