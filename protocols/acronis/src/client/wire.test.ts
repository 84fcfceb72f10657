import { expect, test } from 'vitest';
import { nanoseconds } from './alerts.ts';
import { checkedId, checkedIds } from './ids.ts';
import { anyOf, decodeBody, encodeBody, queryText } from './wire.ts';

const ID = '2C1F4B8E-6b0d-4d4a-9d7b-5a6f0e1c2d3e';

test('cyberapp 9.171: integers of 19 digits are sent and read without loss', () => {
  expect(encodeBody({ _sourceTimeStamp: 9_223_372_036_854_775_807n, left: undefined })).toBe('{"_sourceTimeStamp":9223372036854775807}');
  expect(decodeBody('{"a":9223372036854775807,"b":[-9223372036854775808],"c":184467,"d":"1740000000123456789","e":1.5e300}')).toEqual({
    a: '9223372036854775807',
    b: ['-9223372036854775808'],
    c: 184467,
    d: '1740000000123456789',
    e: 1.5e300,
  });
  expect(nanoseconds(1_772_438_400_123.9).toString()).toBe('1772438400123000000');
});

test('a query leaves out what is not given, repeats lists and escapes the rest', () => {
  expect(queryText({})).toBe('');
  expect(queryText({ a: undefined, b: [] })).toBe('');
  expect(queryText({ a: 'x&y=z', b: 5n, c: true, d: ['1', '2'], e: anyOf(['p', 'q']), f: anyOf(['p']), g: anyOf([]) })).toBe(
    '?a=x%26y%3Dz&b=5&c=true&d=1&d=2&e=or(p%2Cq)&f=p',
  );
});

test('only UUIDs are ids, 1 to 100 at once', () => {
  expect(checkedId(ID)).toBe(ID.toLowerCase());
  for (const id of ['', 'x', `${ID}/../x`, `${ID}\n`, `or(${ID})`, undefined as never]) expect(() => checkedId(id)).toThrow(RangeError);
  expect(checkedIds(Array(100).fill(ID))).toHaveLength(100);
  expect(() => checkedIds([])).toThrow(RangeError);
  expect(() => checkedIds(Array(101).fill(ID))).toThrow(RangeError);
});
