import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import { expect, test } from 'vitest';
import { isFlatList, tableOf } from './table.ts';
import { printable, toJson } from './text.ts';
import { toYaml } from './yaml.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each([
  ['a\u001b[1;31mb\u001b[0m', 'ab'],
  ['\u001b]0;title\u0007x', 'x'],
  ['\u001b]8;;https://example.com\u001b\\link', 'link'],
  ['\u009b31mred', 'red'],
  ['two\r\nlines\tand more', 'two lines and more'],
  ['\u202edesrever', 'desrever'],
  ['Zoë 😀', 'Zoë 😀'],
])('what steers a terminal is taken out of %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('columns are those of all rows, in the order in which they appear', () => {
  expect(tableOf([{ a: 1 }, { b: { c: [1] }, a: null }])).toBe(['a  b', '─  ─────────', '1', '-  {"c":[1]}'].join('\n'));
  expect(tableOf([{ ['__proto__']: 'x' }])).toContain('__proto__');
  expect(tableOf('text')).toBe('text');
  expect(tableOf([])).toBe(undefined);
});

test('a list is flat when nothing in it has members', () => {
  expect(isFlatList([{ a: 1 }, { b: null }])).toBe(true);
  for (const other of [[], [1], [{ a: [] }], [{ a: {} }], { a: 1 }, null, 'x']) expect(isFlatList(other)).toBe(false);
});

test('of YAML: a text that a reader would take for something else is in quotes', () => {
  for (const text of [
    '',
    'no',
    'NULL',
    '~',
    '1',
    '-1',
    '.5',
    '2026-01-01',
    '1e3',
    'a: b',
    'a:',
    'a ',
    '- a',
    '#a',
    '@a',
    '&a',
    '*a',
    '!a',
    'a\nb',
    '=',
  ]) {
    expect(toYaml(text)).toBe(JSON.stringify(text));
  }
  for (const text of ['a', 'a b', 'ns1.ip-1.eu', 'https://example.com/x', 'ovh:eu', 'Client::NotFound', '/me'])
    expect(toYaml(text)).toBe(text);
});

test('whatever a value holds: JSON reads back the same, and nothing that is printed steers a terminal', async () => {
  await fuzz(
    'fairlead.ovh-print',
    hostileText(),
    (text) => {
      const whole = { number: 1, text, [text]: [{ [text]: text }, [text, null]] };
      expect(JSON.parse(toJson(whole))).toEqual(JSON.parse(JSON.stringify(whole)));
      for (const printed of [toJson(whole, 2), tableOf([whole]) ?? '', tableOf(whole) ?? '', toYaml(whole)]) {
        expect(printed).not.toMatch(STEERING);
      }
      return true;
    },
    { share: 0.3 },
  );
});
