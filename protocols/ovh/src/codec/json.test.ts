import { expect, test } from 'vitest';
import { InvalidCallError } from '../errors/errors.ts';
import { asciiJson, decodeJson, encodeJson } from './json.ts';

const LARGE =
  '{"id":9007199254740993,"neg":-9007199254740993,"safe":9007199254740991,"f":1.5,"text":"9007199254740993","e":1e30,"l":[18446744073709551615]}';

test('X41 G16: in the mode number nothing is marked', () => {
  expect(decodeJson('{"id":9007199254740993}')).toEqual({ id: 9007199254740992 });
});

test('X41 G16: in the mode bigint large integers keep their digits, and nothing else changes', () => {
  expect(decodeJson(LARGE, 'bigint')).toEqual({
    id: 9007199254740993n,
    neg: -9007199254740993n,
    safe: 9007199254740991,
    f: 1.5,
    text: '9007199254740993',
    e: 1e30,
    l: [18446744073709551615n],
  });
});

test('X41 G16: in the mode string they are their digits', () => {
  expect(decodeJson('[9007199254740993, 12]', 'string')).toEqual(['9007199254740993', 12]);
});

test('X41: 2^53 itself is not safe, since 2^53+1 would look the same', () => {
  expect(decodeJson('9007199254740992', 'bigint')).toBe(9007199254740992n);
});

test('X41: what was read as bigint is written with the same digits', () => {
  const text = '{"id":9007199254740993,"l":[-18446744073709551615]}';
  expect(encodeJson(decodeJson(text, 'bigint'))).toBe(text);
});

test('no JSON is a SyntaxError, in every mode and at every depth', () => {
  const deep = `${'['.repeat(200_000)}1234567890123456789${']'.repeat(200_000)}`;
  expect(() => decodeJson('{"a":1234567890123456789', 'bigint')).toThrow(SyntaxError);
  expect(() => decodeJson('<html>')).toThrow(SyntaxError);
  expect(() => decodeJson(deep, 'bigint')).toThrow(SyntaxError);
});

test('what JSON cannot say is refused instead of becoming null', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const value of [cycle, { a: Number.NaN }, [Number.NEGATIVE_INFINITY], () => 1, Symbol('x'), undefined]) {
    expect(() => encodeJson(value)).toThrow(InvalidCallError);
  }
});

test('P16: the text is compact, dates are RFC 3339, maps are objects', () => {
  expect(encodeJson({ a: [1, 'b'], d: new Date(0), m: new Map([['k', false]]) })).toBe(
    '{"a":[1,"b"],"d":"1970-01-01T00:00:00.000Z","m":{"k":false}}',
  );
  expect([encodeJson({}), encodeJson([]), encodeJson(null), encodeJson('')]).toEqual(['{}', '[]', 'null', '""']);
});

test('N29: escapes are lower-case hexadecimal of code units, from U+0080', () => {
  expect(asciiJson('"\u007f\u0080\u00ff\u2028\ufeff😀"')).toBe('"\u007f\\u0080\\u00ff\\u2028\\ufeff\\ud83d\\ude00"');
  expect(encodeJson('\ud800')).toBe('"\\ud800"');
});
