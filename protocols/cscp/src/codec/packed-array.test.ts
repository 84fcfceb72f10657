import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/support/texts.ts';
import { packArray, unpackArray } from './packed-array.ts';

test('elements come back, whatever they hold', async () => {
  await fuzz('cscp.packed-array', fc.array(anyText(['%26']), { maxLength: 5 }), (elements) => {
    const packed = packArray(elements);
    expect(packed).toMatch(/^$|^&[A-Za-z0-9_.+%&-]*&$/);
    expect(unpackArray(packed)).toEqual(elements);
  });
});

test.each([
  ['', []],
  ['&', []],
  ['&&', ['']],
  ['&a&b&', ['a', 'b']],
  ['&&x&', ['', 'x']],
  ['&a&&b&', ['a', '', 'b']],
  ['plain text', ['plain text']],
  ['&a&b', ['a', 'b']],
  ['&a+b&%26%c3%A9&', ['a b', '&é']],
  ['&%zz%1&%00&', ['%zz%1', '%00']],
])('%j has the elements %j', (value, elements) => {
  expect(unpackArray(value)).toEqual(elements);
});

test('an element is encoded with capitals and a plus', () => {
  expect(packArray(['a b', '&é', 'x_y.z-1'])).toBe('&a+b&%26%C3%A9&x_y.z-1&');
});

test('the plus can be left as the original did', () => {
  expect(unpackArray('&a+b%20c&', 'literal')).toEqual(['a+b c']);
});
