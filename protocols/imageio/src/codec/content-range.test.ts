import { describe, expect, test } from 'vitest';
import { parseContentLength, parseContentRange } from './content-range.ts';

describe('imageio 17.21: parseContentRange', () => {
  test.each([
    ['bytes 0-3/4', { first: 0, last: 3, complete: 4 }],
    ['bytes 7-13/20', { first: 7, last: 13, complete: 20 }],
    ['bytes 0-6/*', { first: 0, last: 6 }],
    ['bytes 0-*/*', { first: 0 }],
    ['bytes 0-*/20', { first: 0, complete: 20 }],
    ['bytes 4096-4096/*', { first: 4096, last: 4096 }],
    ['bytes 99999999999999999999-*/*', { first: Number.MAX_SAFE_INTEGER }],
  ])('reads %s', (header, range) => {
    expect(parseContentRange(header)).toEqual(range);
  });

  const forms = [
    '',
    'bytes',
    'bytes ',
    'bytes=0-3',
    'bytes=0-3/4',
    'bytes 0-3',
    'bytes 0-/4',
    'bytes -3/4',
    'bytes */4',
    'bytes a-3/4',
    'bytes 0-b/4',
    'bytes 0-3/c',
    'bytes  0-3/4',
    'bytes 0-3/4 ',
    'BYTES 0-3/4',
    'bytes 0 - 3/4',
  ];

  const refusals: readonly (readonly [string, string])[] = [
    ...forms.map((header) => [header, ''] as const),
    ['bytes 5-3/*', ', first > last'],
    ['bytes 0-3/3', ', last >= complete'],
  ];

  test.each(refusals)('refuses %s', (header, why) => {
    const text = `Invalid Content-Range '${header}'${why}`;
    expect(() => parseContentRange(header)).toThrow(expect.objectContaining({ status: 400, message: text }));
  });
});

describe('imageio 17.8: parseContentLength', () => {
  test.each([
    ['0', 0],
    [' 42 ', 42],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s', (header, length) => {
    expect(parseContentLength(header)).toBe(length);
  });

  test.each([
    [undefined, 'Content-Length header is required'],
    ['x', "Invalid Content-Length: 'x'"],
    ['', "Invalid Content-Length: ''"],
    ['1.5', "Invalid Content-Length: '1.5'"],
    ['0x10', "Invalid Content-Length: '0x10'"],
    ['9007199254740992', "Invalid Content-Length: '9007199254740992'"],
    ['-1', 'Negative Content-Length: -1'],
  ])('refuses %s', (header, text) => {
    expect(() => parseContentLength(header)).toThrow(expect.objectContaining({ status: 400, message: text }));
  });
});
