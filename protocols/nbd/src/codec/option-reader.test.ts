import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bytes, blockSizeInfo, exportInfo, greeting, metaContext, optionReply } from '../../test/support/spec-bytes.ts';
import { NbdError } from '../error.ts';
import {
  decodeBlockSize,
  decodeExportInfo,
  decodeGreeting,
  decodeMetaContext,
  decodeOptionReplyHeader,
  describeOptionError,
  infoType,
} from './option-reader.ts';

const HANDSHAKE = expect.objectContaining({ code: 'NBD_HANDSHAKE' });

describe('option reader', () => {
  test("takes qemu-nbd 7.2's greeting, as recorded", () => {
    expect(decodeGreeting(Buffer.from('4e42444d4147494349484156454f50540003', 'hex'))).toBe(3);
  });

  test.each([
    ['something else', Buffer.from('220 mail.example.org'.slice(0, 18))],
    ['the oldstyle negotiation', new Bytes().text('NBDMAGIC').u64(0x420281861253n).u16(3).buffer],
    ['an unknown negotiation', new Bytes().text('NBDMAGICSOMEMORE').u16(3).buffer],
    ['the unfixed newstyle', greeting(2)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeGreeting(bytes)).toThrow(HANDSHAKE);
  });

  test('reads the head of an option reply', () => {
    const bytes = optionReply(10, 0x80000001, Buffer.alloc(300));

    expect(decodeOptionReplyHeader(bytes)).toEqual({ option: 10, type: 0x80000001, length: 300 });
  });

  test('refuses an option reply with a wrong magic number or too long', () => {
    const long = new Bytes().u64(0x3e889045565a9n).u32(10).u32(4).u32(65537).buffer;

    expect(() => decodeOptionReplyHeader(Buffer.alloc(20))).toThrow(HANDSHAKE);
    expect(() => decodeOptionReplyHeader(long)).toThrow(HANDSHAKE);
  });

  test('reads a metadata context', () => {
    expect(decodeMetaContext(metaContext(17, 'base:allocation'))).toEqual({ id: 17, name: 'base:allocation' });
    expect(() => decodeMetaContext(metaContext(17, ''))).toThrow(HANDSHAKE);
  });

  test('reads size and flags up to 2^53', () => {
    expect(decodeExportInfo(exportInfo(2n ** 53n - 1n, 0x0ded))).toEqual({ size: 2 ** 53 - 1, flags: 0x0ded });
    expect(() => decodeExportInfo(exportInfo(2n ** 53n, 0))).toThrow(HANDSHAKE);
    expect(() => decodeExportInfo(Buffer.alloc(11))).toThrow(HANDSHAKE);
  });

  test('tells the type of an information', () => {
    expect(infoType(blockSizeInfo(1, 2, 3))).toBe(3);
    expect(() => infoType(Buffer.alloc(1))).toThrow(HANDSHAKE);
  });

  test('reads block sizes', () => {
    expect(decodeBlockSize(blockSizeInfo(1, 4096, 33554432))).toEqual({ min: 1, preferred: 4096, max: 33554432 });
    expect(decodeBlockSize(blockSizeInfo(65536, 65536, 0xffffffff))).toEqual({ min: 65536, preferred: 65536, max: 0xffffffff });
  });

  test.each([
    [0, 4096, 33554432],
    [3, 4096, 33554432],
    [131072, 131072, 33554432],
    [4096, 512, 33554432],
    [4096, 4096, 512],
  ])('refuses block sizes of at least %i, preferred %i, at most %i', (min, preferred, max) => {
    expect(() => decodeBlockSize(blockSizeInfo(min, preferred, max))).toThrow(HANDSHAKE);
  });

  test('refuses block sizes of a wrong length', () => {
    expect(() => decodeBlockSize(Buffer.alloc(13))).toThrow(HANDSHAKE);
  });

  test('names errors and quotes their text', () => {
    expect(describeOptionError(0x80000006, Buffer.from("export 'foo' not present"))).toBe("ERR_UNKNOWN: export 'foo' not present");
    expect(describeOptionError(0x80000001, Buffer.alloc(0))).toBe('ERR_UNSUP');
    expect(describeOptionError(0x80000099, Buffer.alloc(0))).toBe('error 0x80000099');
  });

  test('garbage gets nothing but a handshake error', async () => {
    const readers = [decodeMetaContext, decodeExportInfo, decodeBlockSize, infoType];
    await fuzz(
      'nbd.options',
      fc.tuple(fc.constantFrom(...readers), fc.uint8Array({ maxLength: 40 })),
      ([read, garbage]) => {
        try {
          read(Buffer.from(garbage));
        } catch (error) {
          expect(error).toBeInstanceOf(NbdError);
        }
      },
      { share: 3 },
    );
  });
});
