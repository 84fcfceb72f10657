import { expect, test } from 'vitest';
import { InvalidCallError } from '../errors/errors.ts';
import type { QueryValue } from './call.ts';
import { encodeQuery } from './query.ts';

for (const [name, value, expected] of [
  ['undefined', undefined, ''],
  ['null', null, 'k=null'],
  ['true', true, 'k=true'],
  ['zero', 0, 'k=0'],
  ['a fraction', -1.5, 'k=-1.5'],
  ['a large number', 1e21, 'k=1e%2B21'],
  ['a bigint', 9007199254740993n, 'k=9007199254740993'],
  ['an empty text', '', 'k='],
  ['reserved characters', "a b&c=d+e/f~g*h!'()", 'k=a%20b%26c%3Dd%2Be%2Ff~g%2Ah%21%27%28%29'],
  ['text beyond ASCII', 'tè😀', 'k=t%C3%A8%F0%9F%98%80'],
  ['a date', new Date(Date.UTC(2026, 10, 22, 6, 4, 42, 7)), 'k=2026-11-22T06%3A04%3A42.007Z'],
  ['an array', ['b', 1, null, undefined, true], 'k=b&k=1&k=null&k=true'],
  ['an empty array', [], ''],
  [
    'an object',
    { env: [{ operator: 'EQ', value: 'é' }] },
    'k=%7B%22env%22%3A%5B%7B%22operator%22%3A%22EQ%22%2C%22value%22%3A%22%C3%A9%22%7D%5D%7D',
  ],
  ['an empty object', {}, 'k=%7B%7D'],
  ['a map', new Map([['a', 1n]]), 'k=%7B%22a%22%3A1%7D'],
] as const satisfies readonly (readonly [string, QueryValue, string])[]) {
  test(`X22: ${name} is written as ${JSON.stringify(expected)}`, () => {
    expect(encodeQuery({ k: value })).toBe(expected);
  });
}

for (const [name, value] of [
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['an invalid date', new Date(Number.NaN)],
  ['half a pair', '\ud800'],
  ['a function', () => 1],
  ['a symbol', Symbol('k')],
  ['an instance of a class', new URL('https://x.example')],
  ['an array in an array', [['a']]],
  ['an object in an array', [{ a: 1 }]],
  ['NaN in an object', { a: Number.NaN }],
] as const) {
  test(`X22: ${name} is refused, naming the parameter`, () => {
    expect(() => encodeQuery({ k: value as QueryValue })).toThrow(InvalidCallError);
  });
}
