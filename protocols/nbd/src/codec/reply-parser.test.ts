import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventLog, type LogEntry } from '../../test/support/event-log.ts';
import {
  Bytes,
  type ChunkFields,
  chunk,
  dataPayload,
  errorPayload,
  holePayload,
  simpleReply,
  statusExtPayload,
  statusPayload,
} from '../../test/support/spec-bytes.ts';
import { NbdError } from '../error.ts';
import { type ReplyMode, ReplyParser } from './reply-parser.ts';

interface Speech {
  readonly name: string;
  readonly mode: ReplyMode;
  readonly bytes: Buffer;
  readonly heard: readonly LogEntry[];
  readonly reads?: ReadonlyMap<number, number>;
}

const SIX = Buffer.from('abcdef');
const HEX = SIX.toString('hex');

/** Every kind of reply in every mode that has it, with what it means. */
const SPEECHES: readonly Speech[] = [
  { name: 'a simple success', mode: 'simple', bytes: simpleReply(7).buffer, heard: [{ kind: 'simple', cookie: 7 }, done(7)] },
  {
    name: 'a simple read',
    mode: 'simple',
    bytes: simpleReply(7).raw(SIX).buffer,
    reads: new Map([[7, 6]]),
    heard: [{ kind: 'simple', cookie: 7 }, { kind: 'data', cookie: 7, offset: 0, bytes: HEX }, done(7)],
  },
  { name: 'a simple error', mode: 'simple', bytes: simpleReply(7, 28).buffer, heard: [error(7, 28, ''), done(7)] },
  {
    name: 'a simple success among structured replies',
    mode: 'structured',
    bytes: simpleReply(9).buffer,
    heard: [{ kind: 'simple', cookie: 9 }, done(9)],
  },
  { name: 'an empty read', mode: 'structured', bytes: chunk({ cookie: 1, type: 0 }), heard: [done(1)] },
  {
    name: 'data, then a hole',
    mode: 'structured',
    bytes: Buffer.concat([
      chunk({ cookie: 3, type: 1, flags: 0, payload: dataPayload(4096, SIX) }),
      chunk({ cookie: 3, type: 2, payload: holePayload(4102, 65536) }),
    ]),
    heard: [{ kind: 'data', cookie: 3, offset: 4096, bytes: HEX }, { kind: 'hole', cookie: 3, offset: 4102, length: 65536 }, done(3)],
  },
  {
    name: 'an offset beyond 2^32',
    mode: 'structured',
    bytes: chunk({ cookie: 0xffffffff, type: 1, payload: dataPayload(0x1f_ffff_0000_0001n, SIX) }),
    heard: [{ kind: 'data', cookie: 0xffffffff, offset: 0x1f_ffff_0000_0001, bytes: HEX }, done(0xffffffff)],
  },
  {
    name: 'an error with its text, then the end',
    mode: 'structured',
    bytes: Buffer.concat([
      chunk({ cookie: 4, type: 0x8001, flags: 0, payload: errorPayload(5, 'Input/output error') }),
      chunk({ cookie: 4, type: 0 }),
    ]),
    heard: [error(4, 5, 'Input/output error'), done(4)],
  },
  {
    name: 'an error at an offset',
    mode: 'structured',
    bytes: chunk({ cookie: 4, type: 0x8002, payload: errorPayload(28, 'voll', 512) }),
    heard: [error(4, 28, 'voll'), done(4)],
  },
  {
    name: 'an error number 0',
    mode: 'structured',
    bytes: chunk({ cookie: 4, type: 0x8001, payload: errorPayload(0, '') }),
    heard: [error(4, 22, ''), done(4)],
  },
  {
    name: 'an unknown kind of error with text',
    mode: 'structured',
    bytes: chunk({ cookie: 4, type: 0x8fff, payload: Buffer.concat([errorPayload(95, 'no'), SIX]) }),
    heard: [error(4, 95, 'no'), done(4)],
  },
  {
    name: 'an unknown kind of error, empty',
    mode: 'structured',
    bytes: chunk({ cookie: 4, type: 0xc000 }),
    heard: [error(4, 22, ''), done(4)],
  },
  {
    name: 'block status of two contexts',
    mode: 'structured',
    bytes: Buffer.concat([
      chunk({
        cookie: 5,
        type: 5,
        flags: 0,
        payload: statusPayload(1, [
          [65536, 0],
          [4294901760, 3],
        ]),
      }),
      chunk({ cookie: 5, type: 5, payload: statusPayload(2, [[131072, 1]]) }),
    ]),
    heard: [
      {
        kind: 'status',
        cookie: 5,
        context: 1,
        areas: [
          [65536, 0],
          [4294901760, 3],
        ],
      },
      { kind: 'status', cookie: 5, context: 2, areas: [[131072, 1]] },
      done(5),
    ],
  },
  {
    name: 'block status longer than any scratch memory',
    mode: 'structured',
    bytes: chunk({
      cookie: 5,
      type: 5,
      payload: statusPayload(
        1,
        Array.from({ length: 40 }, (_, index) => [512, index] as const),
      ),
    }),
    heard: [{ kind: 'status', cookie: 5, context: 1, areas: Array.from({ length: 40 }, (_, index) => [512, index]) }, done(5)],
  },
  {
    name: 'extended data',
    mode: 'extended',
    bytes: chunk({ cookie: 3, type: 1, echo: 4096, payload: dataPayload(4096, SIX) }),
    heard: [{ kind: 'data', cookie: 3, offset: 4096, bytes: HEX }, done(3)],
  },
  {
    name: 'extended block status with lengths beyond 2^32',
    mode: 'extended',
    bytes: chunk({
      cookie: 3,
      type: 6,
      echo: 0,
      payload: statusExtPayload(1, [
        [2n ** 40n, 3],
        [512, 2n ** 33n],
      ]),
    }),
    heard: [
      {
        kind: 'status',
        cookie: 3,
        context: 1,
        areas: [
          [2 ** 40, 3],
          [512, 2 ** 33],
        ],
      },
      done(3),
    ],
  },
  {
    name: 'an extended success',
    mode: 'extended',
    bytes: chunk({ cookie: 3, type: 0, echo: 99 }),
    heard: [done(3)],
  },
];

function done(cookie: number): LogEntry {
  return { kind: 'done', cookie };
}

function error(cookie: number, errno: number, message: string): LogEntry {
  return { kind: 'error', cookie, errno, message };
}

/** Feeds pieces, each in a buffer of its own that is overwritten afterwards, as a slab would be. */
function hear(mode: ReplyMode, pieces: readonly Buffer[], reads?: ReadonlyMap<number, number>): EventLog {
  const log = new EventLog(reads);
  const parser = new ReplyParser(mode, log);
  for (const piece of pieces) {
    const copy = Buffer.concat([piece, Buffer.from('behind the end')]);
    parser.push(copy, piece.length);
    copy.fill(0xee);
  }
  return log;
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const points = [0, ...[...at].sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, index) => bytes.subarray(points[index], end));
}

describe('reply parser', () => {
  describe.each(SPEECHES)('$name ($mode)', ({ mode, bytes, heard, reads }) => {
    test('means the same whole', () => {
      expect(hear(mode, [bytes], reads).entries).toEqual(heard);
    });

    test('means the same cut at every byte', () => {
      for (let at = 0; at <= bytes.length; at += 1) expect(hear(mode, cut(bytes, [at]), reads).entries).toEqual(heard);
    });

    test('means the same byte by byte, twice in a row', () => {
      const twice = Buffer.concat([bytes, bytes]);

      const log = hear(
        mode,
        [...twice].map((byte) => Buffer.of(byte)),
        reads,
      );

      expect(log.entries).toEqual([...heard, ...heard]);
    });

    test('means the same merged with a second one', () => {
      expect(hear(mode, [Buffer.concat([bytes, bytes])], reads).entries).toEqual([...heard, ...heard]);
    });
  });

  test('tells the offset that an extended reply echoes, and none without extended headers', () => {
    expect(hear('extended', [chunk({ cookie: 3, type: 0, echo: 4096 })]).echoes).toEqual([4096]);
    expect(hear('structured', [chunk({ cookie: 3, type: 0 })]).echoes).toEqual([undefined]);
  });

  test.each<[string, ReplyMode, Buffer]>([
    ['a wrong magic number', 'structured', Buffer.from('HTTP/1.1 400 Bad')],
    ['a structured reply that was not negotiated', 'simple', chunk({ cookie: 1, type: 0 })],
    ['a simple reply among extended ones', 'extended', simpleReply(1).raw(Buffer.alloc(16)).buffer],
    ['an extended reply that was not negotiated', 'structured', chunk({ cookie: 1, type: 0, echo: 0 })],
    ['a cookie beyond 32 bits', 'structured', chunk({ cookie: 2n ** 32n, type: 0 })],
    ['a cookie beyond 32 bits in a simple reply', 'simple', simpleReply(2n ** 63n).buffer],
    ['an unknown type', 'structured', chunk({ cookie: 1, type: 3 })],
    ['a compact block status in extended mode', 'extended', chunk({ cookie: 1, type: 5, echo: 0, payload: statusPayload(1, [[512, 0]]) })],
    ['an extended block status in compact mode', 'structured', chunk({ cookie: 1, type: 6, payload: statusExtPayload(1, [[512, 0]]) })],
    ['NONE with a payload', 'structured', chunk({ cookie: 1, type: 0, payload: SIX })],
    ['NONE that is not the last', 'structured', chunk({ cookie: 1, type: 0, flags: 0 })],
    ['a data chunk without offset', 'structured', chunk({ cookie: 1, type: 1, payload: SIX })],
    ['a data chunk without data', 'structured', chunk({ cookie: 1, type: 1, payload: dataPayload(0, Buffer.alloc(0)) })],
    ['a data chunk beyond the largest payload', 'structured', chunk({ cookie: 1, type: 1, length: 32 * 1024 * 1024 + 9 })],
    ['a data chunk beyond 2^53', 'structured', chunk({ cookie: 1, type: 1, payload: dataPayload(2n ** 53n, SIX) })],
    ['a hole of a wrong length', 'structured', chunk({ cookie: 1, type: 2, payload: Buffer.alloc(13) })],
    ['a hole of no length', 'structured', chunk({ cookie: 1, type: 2, payload: holePayload(0, 0) })],
    ['a hole beyond 2^53', 'structured', chunk({ cookie: 1, type: 2, payload: holePayload(2n ** 60n, 1) })],
    ['an empty block status', 'structured', chunk({ cookie: 1, type: 5, payload: statusPayload(1, []) })],
    ['a block status without context', 'structured', chunk({ cookie: 1, type: 5 })],
    ['a block status cut within an area', 'structured', chunk({ cookie: 1, type: 5, payload: Buffer.alloc(11) })],
    ['a block status area of no length', 'structured', chunk({ cookie: 1, type: 5, payload: statusPayload(1, [[0, 0]]) })],
    ['more areas than allowed', 'structured', chunk({ cookie: 1, type: 5, length: 4 + (1024 * 1024 + 1) * 8 })],
    [
      'an extended status with a wrong count',
      'extended',
      chunk({ cookie: 1, type: 6, echo: 0, payload: new Bytes().u32(1).u32(2).u64(1).u64(0).buffer }),
    ],
    ['an extended status of an odd length', 'extended', chunk({ cookie: 1, type: 6, echo: 0, payload: Buffer.alloc(9) })],
    [
      'an extended status area beyond 2^53',
      'extended',
      chunk({ cookie: 1, type: 6, echo: 0, payload: statusExtPayload(1, [[2n ** 53n, 0]]) }),
    ],
    [
      'extended status flags beyond 2^53',
      'extended',
      chunk({ cookie: 1, type: 6, echo: 0, payload: statusExtPayload(1, [[512, 2n ** 53n]]) }),
    ],
    ['an extended payload beyond 2^53', 'extended', chunk({ cookie: 1, type: 1, echo: 0, length: 2n ** 60n })],
    ['an error chunk too short', 'structured', chunk({ cookie: 1, type: 0x8001, payload: Buffer.alloc(5) })],
    [
      'an error text longer than its chunk',
      'structured',
      chunk({ cookie: 1, type: 0x8001, payload: new Bytes().u32(5).u16(100).text('short').buffer }),
    ],
    ['an error chunk without its offset', 'structured', chunk({ cookie: 1, type: 0x8002, payload: errorPayload(5, 'x') })],
    ['an endless error text', 'structured', chunk({ cookie: 1, type: 0x8001, length: 8193 })],
  ])('refuses %s', (_name, mode, bytes) => {
    expect(() => hear(mode, [bytes])).toThrow(expect.objectContaining({ code: 'NBD_PROTOCOL' }));
  });

  test('any run of replies, cut anywhere, means what was said', async () => {
    const replies = fc.array(fc.oneof(dataReply(), holeReply(), statusReply(), errorReply()), { minLength: 1, maxLength: 12 });
    await fuzz(
      'nbd.replies-heard',
      fc.tuple(replies, fc.array(fc.nat(4000), { maxLength: 30 })),
      ([said, points]) => {
        const bytes = Buffer.concat(said.map(({ fields }) => chunk(fields)));
        const log = hear(
          'structured',
          cut(
            bytes,
            points.map((point) => point % (bytes.length + 1)),
          ),
        );
        expect(log.entries).toEqual(said.flatMap(({ entry, fields }) => [entry, done(Number(fields.cookie))]));
      },
      { share: 1.5 },
    );
  });

  test('garbage gets nothing but a protocol error', async () => {
    const modes = fc.constantFrom<ReplyMode>('simple', 'structured', 'extended');
    await fuzz(
      'nbd.replies-garbage',
      fc.tuple(modes, fc.uint8Array({ maxLength: 200 })),
      ([mode, garbage]) => {
        onlyProtocolErrors(mode, [Buffer.from(garbage)]);
      },
      { share: 5 },
    );
  });

  test('flipped bytes in good replies get nothing but a protocol error', async () => {
    const index = fc.nat(SPEECHES.length - 1);
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
    await fuzz(
      'nbd.replies-flipped',
      fc.tuple(index, flips),
      ([which, places]) => {
        const speech = SPEECHES[which] as Speech;
        const bytes = Buffer.concat([speech.bytes, speech.bytes]);
        for (const [place, mask] of places) bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ mask;
        onlyProtocolErrors(speech.mode, [bytes]);
      },
      { share: 10 },
    );
  });
});

function onlyProtocolErrors(mode: ReplyMode, pieces: readonly Buffer[]): void {
  const before = process.memoryUsage().arrayBuffers;
  try {
    hear(mode, pieces, new Map([[7, 6]]));
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(NbdError);
    expect((thrown as NbdError).code).toBe('NBD_PROTOCOL');
  }
  // The largest thing ever gathered is a block status: 16 MiB with extended headers.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
}

interface Said {
  readonly fields: ChunkFields;
  readonly entry: LogEntry;
}

const COOKIE = fc.nat(0xffffffff);
const OFFSET = fc.maxSafeNat();

function dataReply(): fc.Arbitrary<Said> {
  return fc.tuple(COOKIE, OFFSET, fc.uint8Array({ minLength: 1, maxLength: 300 })).map(([cookie, offset, bytes]) => ({
    fields: { cookie, type: 1, payload: dataPayload(offset, bytes) },
    entry: { kind: 'data', cookie, offset, bytes: Buffer.from(bytes).toString('hex') },
  }));
}

function holeReply(): fc.Arbitrary<Said> {
  return fc.tuple(COOKIE, OFFSET, fc.integer({ min: 1, max: 0xffffffff })).map(([cookie, offset, length]) => ({
    fields: { cookie, type: 2, payload: holePayload(offset, length) },
    entry: { kind: 'hole', cookie, offset, length },
  }));
}

function statusReply(): fc.Arbitrary<Said> {
  const area = fc.tuple(fc.integer({ min: 1, max: 0xffffffff }), fc.nat(0xffffffff));
  return fc.tuple(COOKIE, fc.nat(0xffffffff), fc.array(area, { minLength: 1, maxLength: 20 })).map(([cookie, context, areas]) => ({
    fields: { cookie, type: 5, payload: statusPayload(context, areas) },
    entry: { kind: 'status', cookie, context, areas },
  }));
}

function errorReply(): fc.Arbitrary<Said> {
  return fc.tuple(COOKIE, fc.integer({ min: 1, max: 200 }), fc.string({ maxLength: 40 })).map(([cookie, errno, message]) => ({
    fields: { cookie, type: 0x8001, payload: errorPayload(errno, message) },
    entry: { kind: 'error', cookie, errno, message },
  }));
}
