import { describe, expect, test } from 'vitest';
import { readJson, readJsonText } from './json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const membered = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index])));
const problem = (text: string): string | undefined => {
  const read = readJsonText(text);
  return read.ok ? undefined : read.problem;
};

test('what it reads is what JSON says', () => {
  const text = ' {"a":[1,-2.5e3,true,null,"\\u00e9\\"\\\\"],"b":{"a":{}},"c":"} ] , \\" {"}\n';
  expect(readJsonText(text)).toEqual({ ok: true, value: JSON.parse(text) });
});

test('cyberapp 9.14: bytes that are no UTF-8 are refused, a byte order mark before the text is not', () => {
  expect(readJson(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]))).toEqual({ ok: false, problem: 'not_utf8' });
  expect(readJson(Buffer.from('"\xed\xa0\x80"', 'latin1'))).toEqual({ ok: false, problem: 'not_utf8' });
  expect(readJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ ok: true, value: { a: 1 } });
  expect(readJson(Buffer.from('\ufeff\ufeff{}'))).toEqual({ ok: false, problem: 'not_json' });
});

describe('cyberapp 9.15: limits', () => {
  test('depth 16 is read, 17 is not, however it is mixed', () => {
    expect(problem(nested(16))).toBeUndefined();
    expect(problem(nested(17))).toBe('too_deep');
    expect(problem(`${'{"a":['.repeat(8)}{${'}'.repeat(1)}${']}'.repeat(8)}`)).toBe('too_deep');
    expect(problem('['.repeat(2_000_000))).toBe('too_deep');
  });

  test('depth counts what is open, not what was', () => {
    expect(problem(`[${Array(100).fill(nested(15)).join(',')}]`)).toBeUndefined();
  });

  test('256 members are read, 257 are not; arrays may be longer', () => {
    expect(problem(membered(256))).toBeUndefined();
    expect(problem(membered(257))).toBe('too_many_members');
    expect(problem(JSON.stringify(Array(20_000).fill({ a: 1 })))).toBeUndefined();
  });

  test('strings and keys of 64 KiB are read, longer ones are not; escapes count as what they mean', () => {
    expect(problem(JSON.stringify('x'.repeat(65_536)))).toBeUndefined();
    expect(problem(JSON.stringify('x'.repeat(65_537)))).toBe('string_too_long');
    expect(problem(JSON.stringify({ ['k'.repeat(65_537)]: 1 }))).toBe('string_too_long');
    expect(problem(`"${'\\u0041'.repeat(65_536)}"`)).toBeUndefined();
  });
});

test.each([
  ['{"a":1,"a":2}', 'duplicate_key'],
  ['{"a":1,"\\u0061":2}', 'duplicate_key'],
  ['{"b":{"a":1,"c":[{}],"a":2}}', 'duplicate_key'],
  ['{"__proto__":{}}', 'forbidden_key'],
  ['{"a":[{"\\u005f_proto__":1}]}', 'forbidden_key'],
  ['{"constructor":1}', 'forbidden_key'],
  ['{"x":{"prototype":1}}', 'forbidden_key'],
  ['"\\ud800"', 'not_text'],
  ['{"a":"x\\u0000"}', 'not_text'],
])('cyberapp 9.15: %s is refused', (text, expected) => {
  expect(problem(text)).toBe(expected);
});

test.each([
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}',
  '{"a":"a","b":"a"}',
  '["a","a","__proto__"]',
  '{"a":"constructor"}',
  '"\\ud83d\\ude00"',
])('%s is read: values and other objects are no keys twice', (text) => {
  expect(readJsonText(text)).toEqual({ ok: true, value: JSON.parse(text) });
});

test.each(['', '{', '}', '[1,]', '{"a"}', '"', '"\\', '"\\x"', "{'a':1}", 'NaN', '01', '{} {}', '{"a":1,}', '\u00a0{}', '"\n"'])(
  '%j is no JSON',
  (text) => {
    expect(problem(text)).toBe('not_json');
  },
);
