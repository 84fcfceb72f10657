import { fuzz, hostileBytes, mutatedBytes } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventLog } from '../test/support/event-log.ts';
import { channelThatHears } from '../test/support/memory-channel.ts';
import {
  ACK,
  blockSizeInfo,
  chunk,
  dataPayload,
  ERR_UNKNOWN,
  ERR_UNSUP,
  EXTENDED_HEADERS,
  errorPayload,
  exportInfo,
  GO,
  greeting,
  INFO,
  LIST_META_CONTEXT,
  META_CONTEXT,
  metaContext,
  optionReply,
  SET_META_CONTEXT,
  STRUCTURED_REPLY,
  simpleReply,
  statusExtPayload,
  statusPayload,
} from '../test/support/spec-bytes.ts';
import { decodeBlockStatus, decodeBlockStatusExt } from './codec/block-status.ts';
import {
  decodeBlockSize,
  decodeExportInfo,
  decodeGreeting,
  decodeMetaContext,
  decodeOptionReplyHeader,
  describeOptionError,
  infoType,
} from './codec/option-reader.ts';
import { type ReplyMode, ReplyParser } from './codec/reply-parser.ts';
import { NbdError } from './error.ts';
import { shapeFor } from './limits.ts';
import { negotiate } from './negotiate.ts';

/** What is given, or undefined for an error of ours with one of the codes. */
function refused<T>(codes: readonly string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NbdError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

const status = statusPayload(1, [
  [65_536, 0],
  [4_294_901_760, 3],
]);
const statusExt = statusExtPayload(1, [
  [2n ** 40n, 3],
  [512, 2n ** 33n],
]);

test('no block status has an area without length or beyond 2^53, whatever bytes it is read from', async () => {
  const payloads = fc.tuple(fc.oneof(mutatedBytes([status, statusExt]), hostileBytes({ maxLength: 64 })), fc.boolean());
  await fuzz(
    'nbd.block-status',
    payloads,
    ([payload, extended]) => {
      const found = refused(['NBD_PROTOCOL'], () => (extended ? decodeBlockStatusExt : decodeBlockStatus)(Buffer.from(payload)));
      if (!found) return;
      expect(found.lengths.length).toBe(found.flags.length);
      expect(found.lengths.every((length) => Number.isSafeInteger(length) && length > 0)).toBe(true);
      expect(found.flags.every((flags) => Number.isSafeInteger(flags) && flags >= 0)).toBe(true);
    },
    { share: 4 },
  );
});

test('whatever an option reply holds, block sizes and sizes are possible ones', async () => {
  const samples = [
    blockSizeInfo(512, 4096, 65_536),
    exportInfo(12_345n, 0x0ded),
    metaContext(1, 'base:allocation'),
    greeting(3),
    optionReply(GO, INFO, exportInfo(1n, 3)),
  ];
  await fuzz(
    'nbd.option-data',
    fc.oneof(mutatedBytes(samples), hostileBytes({ maxLength: 40 })),
    (data) => {
      const bytes = Buffer.from(data);
      const sizes = refused(['NBD_HANDSHAKE'], () => decodeBlockSize(bytes));
      if (sizes) expect(sizes.min >= 1 && sizes.min <= 65_536 && sizes.preferred >= sizes.min && sizes.max >= sizes.min).toBe(true);
      const info = refused(['NBD_HANDSHAKE'], () => decodeExportInfo(bytes));
      if (info) expect(Number.isSafeInteger(info.size) && info.size >= 0).toBe(true);
      refused(['NBD_HANDSHAKE'], () => decodeMetaContext(bytes));
      refused(['NBD_HANDSHAKE'], () => infoType(bytes));
      expect(typeof describeOptionError(0x80000001, bytes)).toBe('string');
      if (bytes.length >= 18) refused(['NBD_HANDSHAKE'], () => decodeGreeting(bytes));
      if (bytes.length < 20) return;
      const header = refused(['NBD_HANDSHAKE'], () => decodeOptionReplyHeader(bytes));
      if (header) expect(header.length).toBeLessThanOrEqual(64 * 1024);
    },
    { share: 4 },
  );
});

/** What good servers say from the greeting to the transmission, in the three modes. */
const speeches: readonly Buffer[] = [
  speech(optionReply(EXTENDED_HEADERS, ACK)),
  speech(optionReply(EXTENDED_HEADERS, ERR_UNSUP), optionReply(STRUCTURED_REPLY, ACK)),
  speech(optionReply(EXTENDED_HEADERS, ERR_UNSUP), optionReply(STRUCTURED_REPLY, ERR_UNSUP)),
  Buffer.concat([
    greeting(3),
    optionReply(EXTENDED_HEADERS, ACK),
    optionReply(SET_META_CONTEXT, ACK),
    optionReply(GO, ERR_UNKNOWN, Buffer.from('no such export')),
  ]),
];

function speech(...modes: readonly Buffer[]): Buffer {
  return Buffer.concat([
    greeting(3),
    ...modes,
    optionReply(LIST_META_CONTEXT, META_CONTEXT, metaContext(0, 'qemu:dirty-bitmap:mon')),
    optionReply(LIST_META_CONTEXT, ACK),
    optionReply(SET_META_CONTEXT, META_CONTEXT, metaContext(10, 'base:allocation')),
    optionReply(SET_META_CONTEXT, META_CONTEXT, metaContext(11, 'qemu:dirty-bitmap:mon')),
    optionReply(SET_META_CONTEXT, ACK),
    optionReply(GO, INFO, exportInfo(1_048_576n, 0x0ded)),
    optionReply(GO, INFO, blockSizeInfo(512, 4096, 33_554_432)),
    optionReply(GO, ACK),
  ]);
}

const handshakeCodes = [
  'NBD_HANDSHAKE',
  'NBD_TLS_REQUIRED',
  'NBD_EXPORT_UNKNOWN',
  'NBD_BITMAP_UNKNOWN',
  'NBD_BITMAP_AMBIGUOUS',
  'NBD_PROTOCOL',
];

test('a hostile server in the negotiation gets an error of ours, or an agreement that can be worked with', async () => {
  const wishes = fc.record({
    exportName: fc.string({ maxLength: 10 }),
    allocation: fc.boolean(),
    depth: fc.boolean(),
    dirtyBitmap: fc.constantFrom(undefined, true as const, 'mon'),
  });
  const inputs = fc.tuple(fc.oneof(mutatedBytes(speeches), fc.constantFrom(...speeches)), fc.integer({ min: 1, max: 400 }), wishes);
  await fuzz(
    'nbd.negotiation',
    inputs,
    async ([bytes, pieceSize, wish]) => {
      const outcome = await negotiate(channelThatHears(bytes, pieceSize), wish).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(NbdError);
        expect(handshakeCodes).toContain((outcome as NbdError).code);
        return false;
      }
      const agreement = outcome as Awaited<ReturnType<typeof negotiate>>;
      const shape = shapeFor(agreement, 8 * 1024 * 1024, 16);
      expect(shape.requestBytes).toBeGreaterThan(0);
      expect(shape.requestBytes % shape.align).toBe(0);
      expect(Number.isSafeInteger(shape.size) && shape.reachable <= shape.size).toBe(true);
      return true;
    },
    { share: 4, someAccepted: true },
  );
});

const replies: readonly (readonly [ReplyMode, Buffer])[] = [
  ['simple', Buffer.concat([simpleReply(7).raw(Buffer.from('abcdef')).buffer, simpleReply(8, 28).buffer])],
  [
    'structured',
    Buffer.concat([
      chunk({ cookie: 7, type: 1, flags: 0, payload: dataPayload(4096, Buffer.from('abcdef')) }),
      chunk({ cookie: 7, type: 0x8001, payload: errorPayload(5, 'Input/output error') }),
    ]),
  ],
  ['structured', chunk({ cookie: 5, type: 5, payload: status })],
  [
    'extended',
    Buffer.concat([
      chunk({ cookie: 3, type: 1, echo: 4096, payload: dataPayload(4096, Buffer.from('abcdef')) }),
      chunk({ cookie: 3, type: 6, echo: 0, payload: statusExt }),
    ]),
  ],
];

test('hostile replies in whatever pieces get nothing but a protocol error, and say no more than their bytes', async () => {
  const spoken = fc.constantFrom(...replies).chain(([mode, bytes]) => fc.tuple(fc.constant(mode), mutatedBytes([bytes])));
  await fuzz(
    'nbd.replies',
    fc.tuple(spoken, fc.integer({ min: 1, max: 80 })),
    ([[mode, bytes], pieceSize]) => {
      const log = new EventLog(new Map([[7, 6]]));
      const parser = new ReplyParser(mode, log);
      for (let at = 0; at < bytes.length; at += pieceSize) {
        const piece = bytes.subarray(at, at + pieceSize);
        const goesOn = refused(['NBD_PROTOCOL'], () => {
          parser.push(piece, piece.length);
          return true;
        });
        if (!goesOn) break;
      }
      const heard = log.entries.reduce((sum, entry) => sum + (entry.kind === 'data' ? entry.bytes.length / 2 : 0), 0);
      expect(heard).toBeLessThanOrEqual(bytes.length);
    },
    { share: 8 },
  );
});
