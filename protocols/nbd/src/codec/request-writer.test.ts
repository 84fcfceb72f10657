import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bytes } from '../../test/support/spec-bytes.ts';
import { encodeRequest } from './request-writer.ts';

describe('request writer', () => {
  test('writes the 28 bytes of a compact request', () => {
    const bytes = encodeRequest({ type: 7, flags: 2, cookie: 0xfffffffe, offset: 0x12_3456_789a, length: 0xffff0000 }, false);

    expect(bytes.toString('hex')).toBe('25609513' + '0002' + '0007' + '00000000fffffffe' + '000000123456789a' + 'ffff0000');
  });

  test('writes the 32 bytes of an extended request', () => {
    const bytes = encodeRequest({ type: 6, flags: 0, cookie: 1, offset: 512, length: 2 ** 40 }, true);

    expect(bytes.toString('hex')).toBe('21e41c71' + '0000' + '0006' + '0000000000000001' + '0000000000000200' + '0000010000000000');
  });

  test('announces the payload of a write, and of nothing else, with extended headers only', () => {
    const head = { flags: 1, cookie: 1, offset: 0, length: 512 };

    expect(encodeRequest({ ...head, type: 1 }, true).readUInt16BE(4)).toBe(0x21);
    expect(encodeRequest({ ...head, type: 0 }, true).readUInt16BE(4)).toBe(1);
    expect(encodeRequest({ ...head, type: 1 }, false).readUInt16BE(4)).toBe(1);
  });

  test('writes what the tables say for any request', async () => {
    const head = fc.record({
      type: fc.constantFrom(0, 2, 3, 6, 7),
      flags: fc.nat(0x1f),
      cookie: fc.nat(0xffffffff),
      offset: fc.maxSafeNat(),
      length: fc.nat(0xffffffff),
    });
    await fuzz('nbd.requests', head, ({ type, flags, cookie, offset, length }) => {
      const compact = new Bytes().u32(0x25609513).u16(flags).u16(type).u64(cookie).u64(offset).u32(length).buffer;
      const extended = new Bytes().u32(0x21e41c71).u16(flags).u16(type).u64(cookie).u64(offset).u64(length).buffer;
      expect(encodeRequest({ type, flags, cookie, offset, length }, false)).toEqual(compact);
      expect(encodeRequest({ type, flags, cookie, offset, length }, true)).toEqual(extended);
    });
  });
});
