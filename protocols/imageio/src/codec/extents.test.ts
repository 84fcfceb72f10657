import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DirtyExtent, mergeExtents, writeExtents, type ZeroExtent } from './extents.ts';
import { type ExtentLimits, readExtents } from './extents-reader.ts';

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function text(extents: readonly (ZeroExtent | DirtyExtent)[], size?: number): Promise<string> {
  return (await all(writeExtents(each(extents), size))).join('');
}

function read(context: 'zero' | 'dirty', pieces: readonly (string | Uint8Array)[], limits?: ExtentLimits) {
  return all(readExtents(context, each(pieces.map((piece) => Buffer.from(piece as string))), limits));
}

const recorded: readonly ZeroExtent[] = [
  { start: 0, length: 65_536, zero: false, hole: false },
  { start: 65_536, length: 5 * 1024 ** 3, zero: true, hole: true },
];

describe('writing', () => {
  test('looks as the real daemon writes', async () => {
    expect(await text(recorded)).toBe(
      '[{"start": 0, "length": 65536, "zero": false, "hole": false}, {"start": 65536, "length": 5368709120, "zero": true, "hole": true}]\n',
    );
    expect(await text([{ start: 0, length: 1, dirty: true, zero: false }])).toBe(
      '[{"start": 0, "length": 1, "dirty": true, "zero": false}]\n',
    );
    expect(await text([])).toBe('[]\n');
  });

  test('comes in pieces', async () => {
    const pieces = await all(writeExtents(each(recorded), 10));
    expect(pieces.length).toBe(3);
    expect(pieces.join('')).toBe(await text(recorded));
  });
});

describe('merging', () => {
  test('joins neighbours with equal flags only', async () => {
    const zero = (start: number, length: number, flags: string) => ({
      start,
      length,
      zero: flags.includes('z'),
      hole: flags.includes('h'),
    });
    const merged = await all(mergeExtents(each([zero(0, 1, ''), zero(1, 2, ''), zero(3, 1, 'z'), zero(4, 1, 'zh'), zero(5, 1, 'zh')])));
    expect(merged).toEqual([zero(0, 3, ''), zero(3, 1, 'z'), zero(4, 2, 'zh')]);
  });

  test('looks at dirty, not only at zero', async () => {
    const dirty = (start: number, flag: boolean) => ({ start, length: 1, dirty: flag, zero: false });
    expect(await all(mergeExtents(each([dirty(0, true), dirty(1, true), dirty(2, false)])))).toEqual([
      { ...dirty(0, true), length: 2 },
      dirty(2, false),
    ]);
  });
});

describe('reading', () => {
  test('gives what was written, however it is cut', async () => {
    const whole = await text(recorded);
    for (let at = 0; at <= whole.length; at += 1) expect(await read('zero', [whole.slice(0, at), whole.slice(at)])).toEqual(recorded);
  });

  test('survives any list of any size', async () => {
    const list = fc.array(fc.record({ length: fc.integer({ min: 1, max: 2 ** 40 }), dirty: fc.boolean(), zero: fc.boolean() }), {
      maxLength: 50,
    });
    await fuzz('imageio.extents-written', fc.tuple(list, fc.integer({ min: 1, max: 100 })), async ([parts, size]) => {
      let start = 0;
      const extents = parts.map((part) => {
        const extent = { start, ...part };
        start += part.length;
        return extent;
      });
      expect(await read('dirty', [await text(extents, size)])).toEqual(extents);
    });
  });

  test('is as tolerant as the real client: unknown members, absent hole, absent zero of a dirty extent', async () => {
    expect(await read('zero', [' [ {"start":0,"length":1,"zero":true,"note":"}{\\"]"} ] '])).toEqual([
      { start: 0, length: 1, zero: true, hole: false },
    ]);
    expect(await read('dirty', ['[{"start":0,"length":1,"dirty":true}]'])).toEqual([{ start: 0, length: 1, dirty: true, zero: false }]);
  });

  test.each([
    ['a gap', '[{"start":0,"length":1,"zero":true},{"start":2,"length":1,"zero":true}]'],
    ['an overlap', '[{"start":0,"length":2,"zero":true},{"start":1,"length":1,"zero":true}]'],
    ['a beginning after 0', '[{"start":1,"length":1,"zero":true}]'],
    ['an empty extent', '[{"start":0,"length":0,"zero":true}]'],
    ['a negative length', '[{"start":0,"length":-1,"zero":true}]'],
    ['a length beyond 2^53', '[{"start":0,"length":9007199254740993,"zero":true}]'],
    ['no flag', '[{"start":0,"length":1}]'],
    ['a flag that is none', '[{"start":0,"length":1,"zero":1}]'],
    ['an object around it', '{"extents":[]}'],
    ['an object inside', '[{"start":{},"length":1,"zero":true}]'],
    ['something after it', '[] []'],
    ['a comma too many', '[{"start":0,"length":1,"zero":true},]'],
    ['no comma', '[{"start":0,"length":1,"zero":true}{"start":1,"length":1,"zero":true}]'],
    ['a number', '[1]'],
    ['nothing', ''],
    ['a cut', '[{"start":0,"length":1,"zero":true}'],
    ['a cut inside', '[{"start":0,"len'],
    ['broken JSON', '[{"start":0 "length":1}]'],
  ])('%s is refused', async (_what, body) => {
    await expect(read('zero', [body])).rejects.toMatchObject({ code: 'IMAGEIO_PROTOCOL' });
  });

  test('what is not UTF-8, endless objects and endless lists are refused', async () => {
    await expect(read('zero', [Buffer.from([0xff])])).rejects.toMatchObject({ code: 'IMAGEIO_PROTOCOL' });
    await expect(read('zero', [`[{"start":0,"note":"${'x'.repeat(2000)}`])).rejects.toMatchObject({ code: 'IMAGEIO_PROTOCOL' });
    await expect(read('zero', [await text(recorded)], { maxExtents: 1 })).rejects.toMatchObject({ code: 'IMAGEIO_PROTOCOL' });
  });

  test('garbage never throws anything else', async () => {
    await fuzz(
      'imageio.extents-garbage',
      fc.string({ unit: fc.constantFrom(...'[]{}",:0123456789 truefalsestartlength\\zhod') }),
      async (body) => {
        await read('zero', [body]).catch((error) => expect(error).toMatchObject({ code: 'IMAGEIO_PROTOCOL' }));
      },
    );
  });
});
