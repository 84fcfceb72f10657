import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Slab } from '../net/slabs.ts';
import { type ReadOwner, ReadRequest } from './read-request.ts';

const PROTOCOL = expect.objectContaining({ code: 'NBD_PROTOCOL' });
const OFFSET = 4096;

/** Takes parts as they come and pastes them together. */
class Pasted implements ReadOwner {
  bytes = Buffer.alloc(0);
  answers = 0;

  accept(_request: ReadRequest, slab: Slab | undefined, start: number, end: number): void {
    const part = slab === undefined ? Buffer.alloc(end - start) : slab.buffer.subarray(start, end);
    this.bytes = Buffer.concat([this.bytes, part]);
  }

  answered(): void {
    this.answers += 1;
  }
}

function slabOf(bytes: Uint8Array): { slab: Slab; freed: () => boolean } {
  let free = false;
  const slab = new Slab(() => {
    free = true;
  });
  slab.buffer.set(bytes);
  return { slab, freed: () => free };
}

describe('read request', () => {
  test('imageio 17.54: puts chunks in order, whatever order they came in, and keeps no memory', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 199 }), { maxLength: 12 });
    await fuzz(
      'nbd.read-request',
      fc.tuple(fc.uint8Array({ minLength: 200, maxLength: 200 }), cuts, fc.infiniteStream(fc.nat(1000))),
      ([bytes, points, random]) => {
        const borders = [0, ...points.sort((a, b) => a - b), 200];
        const parts = borders
          .slice(1)
          .map((end, index) => ({ start: borders[index] as number, end, hole: (random.next().value as number) > 700 }));
        for (const { start, end, hole } of parts) if (hole) bytes.fill(0, start, end);
        const order = parts.map((part) => ({ part, key: random.next().value as number })).sort((a, b) => a.key - b.key);
        const owner = new Pasted();
        const request = new ReadRequest(owner, OFFSET, 200);
        const { slab, freed } = slabOf(bytes);

        for (const { part } of order) send(request, slab, part);
        request.done();
        slab.release();

        expect(owner.bytes).toEqual(Buffer.from(bytes));
        expect(owner.answers).toBe(1);
        expect(freed()).toBe(true);
      },
      { share: 3 },
    );
  });

  test('refuses to end with a gap', () => {
    const request = new ReadRequest(new Pasted(), OFFSET, 200);
    request.hole(OFFSET, 100);
    request.hole(OFFSET + 101, 99);

    expect(() => request.done()).toThrow(PROTOCOL);
  });

  test.each([
    ['before the range', OFFSET - 1, 10],
    ['behind the range', OFFSET + 191, 10],
    ['over what came in order', OFFSET + 40, 20],
    ['over what came early', OFFSET + 90, 20],
  ])('refuses a chunk %s', (_name, offset, length) => {
    const request = new ReadRequest(new Pasted(), OFFSET, 200);
    request.hole(OFFSET, 50);
    request.hole(OFFSET + 100, 50);

    expect(() => request.hole(offset, length)).toThrow(PROTOCOL);
    expect(() => request.dataStart(offset, length)).toThrow(PROTOCOL);
  });

  test('refuses endless chunks, but as many as small blocks make', () => {
    const request = new ReadRequest(new Pasted(), 0, 1024 * 1024);
    const chunks = (count: number) => {
      for (let index = 0; index < count; index += 1) request.chunk();
    };

    chunks(2048);
    expect(() => chunks(4096)).toThrow(PROTOCOL);
  });

  test('needs no coverage once it failed or nobody wants it', () => {
    const refused = new ReadRequest(new Pasted(), OFFSET, 200);
    refused.refused(5, 'bad sector');
    const dropped = new ReadRequest(new Pasted(), OFFSET, 200);
    dropped.drop();

    expect(() => refused.done()).not.toThrow();
    expect(() => dropped.done()).not.toThrow();
    expect(refused.error).toMatchObject({ code: 'NBD_REPLY', errno: 5 });
  });

  test('gives back what it held when dropped', () => {
    const request = new ReadRequest(new Pasted(), OFFSET, 200);
    const { slab, freed } = slabOf(Buffer.alloc(200, 1));
    send(request, slab, { start: 100, end: 150, hole: false });
    request.hold(slab, 0, 10);
    slab.release();
    const early = freed();

    request.drop();

    expect([early, freed()]).toEqual([false, true]);
  });

  test('holds what continues as one piece', () => {
    const request = new ReadRequest(new Pasted(), OFFSET, 200);
    const { slab } = slabOf(Buffer.alloc(200));

    request.hold(slab, 0, 10);
    request.hold(slab, 10, 20);
    request.hold(slab, 30, 40);

    expect(request.held.map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [30, 40],
    ]);
  });
});

function send(request: ReadRequest, slab: Slab, part: { start: number; end: number; hole: boolean }): void {
  const { start, end, hole } = part;
  if (hole) {
    request.hole(OFFSET + start, end - start);
    return;
  }
  const middle = Math.floor((start + end) / 2);
  request.dataStart(OFFSET + start, end - start);
  if (middle > start) request.data(slab, start, middle);
  request.data(slab, middle, end);
}
