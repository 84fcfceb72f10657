import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentRange, parseRange, resolveRange } from './range.ts';

describe('imageio 17.20: parseRange', () => {
  test.each([
    ['bytes=0-99', { first: 0, last: 99 }],
    ['bytes=42-42', { first: 42, last: 42 }],
    ['bytes=99-', { first: 99 }],
    ['bytes=007-08', { first: 7, last: 8 }],
  ])('reads %s', (header, range) => {
    expect(parseRange(header)).toEqual(range);
  });

  const refusals: readonly (readonly [string, string])[] = [
    ['bytes=-99', 'suffix-byte-range-spec not supported yet'],
    ['bytes=-', "Cannot satisfy range 'bytes=-', no first or last"],
    ['bytes=9-8', "Cannot satisfy range 'bytes=9-8', first > last"],
    ...[
      '',
      'bytes',
      'bytes=',
      'bytes 0-1',
      'Bytes=0-1',
      'bits=0-1',
      'bytes=0-1,4-5',
      'bytes=a-b',
      'bytes=0x1-2',
      ' bytes=0-1',
      'bytes=0-1 ',
      'bytes= 0-1',
      'bytes=0 -1',
      'bytes=--1',
      'bytes=1--2',
      'bytes=1.5-2',
    ].map((header) => [header, `Cannot satisfy range '${header}', invalid range or multiple ranges`] as const),
  ];

  test.each(refusals)('refuses %s', (header, text) => {
    expect(() => parseRange(header)).toThrow(
      expect.objectContaining({ code: 'IMAGEIO_RANGE_INVALID', status: 416, message: text, detail: { text } }),
    );
  });

  test('a byte number of any length stays a number, and is beyond every image', () => {
    const far = '9'.repeat(400);
    expect(parseRange(`bytes=0-${far}`)).toEqual({ first: 0, last: Number.MAX_SAFE_INTEGER });
    expect(parseRange('bytes=9007199254740993-')).toEqual({ first: Number.MAX_SAFE_INTEGER });
    const limits = { ticketSize: Number.MAX_SAFE_INTEGER, imageSize: Number.MAX_SAFE_INTEGER };
    expect(() => resolveRange(parseRange(`bytes=0-${far}`), limits)).toThrow(expect.objectContaining({ status: 416 }));
  });

  test('garbage is read or refused, nothing else', async () => {
    await fuzz('imageio.range', fc.string(), (header) => {
      try {
        expect(parseRange(header).first).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'IMAGEIO_RANGE_INVALID' });
      }
    });
  });
});

describe('resolveRange', () => {
  const small = { ticketSize: 100, imageSize: 100 };

  test.each([
    [undefined, small, { start: 0, length: 100 }],
    [undefined, { ticketSize: 50, imageSize: 100 }, { start: 0, length: 50 }],
    [undefined, { ticketSize: 100, imageSize: 0 }, { start: 0, length: 0 }],
    [{ first: 0, last: 99 }, small, { start: 0, length: 100 }],
    [{ first: 99 }, small, { start: 99, length: 1 }],
    [{ first: 10 }, { ticketSize: 100, imageSize: 50 }, { start: 10, length: 40 }],
  ])('%o within %o', (asked, limits, range) => {
    expect(resolveRange(asked, limits)).toEqual(range);
  });

  test.each([
    [{ first: 0, last: 100 }, small, 100, 'Requested range out of allowed range'],
    [{ first: 100 }, small, 100, 'Requested range out of allowed range'],
    [{ first: 1e30 }, small, 100, 'Requested range out of allowed range'],
    [{ first: 0, last: 50 }, { ticketSize: 100, imageSize: 50 }, 50, 'Requested more bytes than available: 51 > 50'],
    [{ first: 50 }, { ticketSize: 100, imageSize: 50 }, 50, 'Requested more bytes than available: 51 > 50'],
  ])('%o beyond %o is refused with the limit', (asked, limits, limit, text) => {
    expect(() => resolveRange(asked, limits)).toThrow(expect.objectContaining({ status: 416, detail: { text, limit } }));
  });

  test('the answer names the total of the ticket', () => {
    expect(contentRange({ start: 5, length: 3 }, 100)).toBe('bytes 5-7/100');
  });
});
