import { describe, expect, test } from 'vitest';
import { Bytes } from '../../test/support/spec-bytes.ts';
import { encodeClientFlags, encodeGo, encodeMetaContexts, encodeOption } from './option-writer.ts';

function option(number: number, data: Buffer): Buffer {
  return new Bytes().text('IHAVEOPT').u32(number).u32(data.length).raw(data).buffer;
}

describe('option writer', () => {
  test('writes the client flags', () => {
    expect(encodeClientFlags(3).toString('hex')).toBe('00000003');
  });

  test('writes an option without data', () => {
    expect(encodeOption(8)).toEqual(option(8, Buffer.alloc(0)));
  });

  test('writes GO with the name in UTF-8 and the wish for block sizes', () => {
    const data = new Bytes().u32(6).text('pläne').u16(1).u16(3).buffer;

    expect(encodeGo('pläne')).toEqual(option(7, data));
  });

  test('writes GO for the unnamed export', () => {
    expect(encodeGo('')).toEqual(option(7, new Bytes().u32(0).u16(1).u16(3).buffer));
  });

  test('writes the queries of a metadata option', () => {
    const data = new Bytes().u32(2).text('ex').u32(2).u32(15).text('base:allocation').u32(3).text('x:y').buffer;

    expect(encodeMetaContexts(10, 'ex', ['base:allocation', 'x:y'])).toEqual(option(10, data));
  });
});
