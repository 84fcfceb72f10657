import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkList } from './chunk-list.ts';

describe('chunk list', () => {
  test('gives chunks on without copying them', () => {
    const list = new ChunkList();
    const chunk = Buffer.from('abcdef');
    list.push(chunk);

    const [head] = list.take(2);
    const [tail] = list.take(4);

    expect(head?.buffer).toBe(chunk.buffer);
    expect([String(head), String(tail), list.bytes]).toEqual(['ab', 'cdef', 0]);
  });

  test('gives all it has if asked for more', () => {
    const list = new ChunkList();
    list.push(Buffer.from('abc'));

    expect(Buffer.concat(list.take(10)).toString()).toBe('abc');
    expect(list.take(10)).toEqual([]);
  });

  test('gives the same bytes in the same order however they are put in and taken', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
    await fuzz('nbd.chunk-list', fc.tuple(chunks, fc.infiniteStream(fc.integer({ min: 1, max: 30 }))), ([given, sizes]) => {
      const list = new ChunkList();
      for (const chunk of given) list.push(chunk);
      const taken: Buffer[] = [];
      while (list.bytes > 0) {
        const size = sizes.next().value as number;
        const expected = Math.min(size, list.bytes);
        const part = Buffer.concat(list.take(size));
        expect(part.length).toBe(expected);
        taken.push(part);
      }
      expect(Buffer.concat(taken)).toEqual(Buffer.concat(given));
    });
  });
});
