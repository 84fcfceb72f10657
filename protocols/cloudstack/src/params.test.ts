import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeForm, encodeValue, formatExpires, stringToSign } from './auth.ts';
import { backOff } from './jobs.ts';
import { toPairs } from './params.ts';

test('parameters become wire pairs', () => {
  const pairs = toPairs('createTags', {
    resourceids: ['a', 'b'],
    listall: true,
    size: 3,
    left: undefined,
    details: { cpuNumber: 2, memory: 1024, none: undefined },
    tags: [
      { key: 'x', value: '1' },
      { key: 'y', value: '2' },
    ],
    empty: [],
  });
  expect(pairs).toEqual([
    ['command', 'createTags'],
    ['resourceids', 'a,b'],
    ['listall', 'true'],
    ['size', '3'],
    ['details[0].cpuNumber', '2'],
    ['details[0].memory', '1024'],
    ['tags[0].key', 'x'],
    ['tags[0].value', '1'],
    ['tags[1].key', 'y'],
    ['tags[1].value', '2'],
    ['empty', ''],
  ]);
});

test('a form is read back as it was meant, whatever is in it', async () => {
  await fuzz('cloudstack.form', fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))), (pairs) => {
    const whole = pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const);
    expect([...new URLSearchParams(encodeForm(whole))]).toEqual(whole);
  });
});

test('only A-Z a-z 0-9 . - * _ stay unescaped', async () => {
  await fuzz('cloudstack.escape', fc.string({ unit: 'grapheme' }), (text) => {
    expect(encodeValue(text).replace(/%[0-9A-F]{2}/g, '')).toMatch(/^[A-Za-z0-9.*_-]*$/);
  });
});

test('the order of parameters does not change what is signed', async () => {
  await fuzz('cloudstack.sign', fc.dictionary(fc.string(), fc.string()), (map) => {
    const pairs = Object.entries(map);
    expect(stringToSign(pairs.toReversed())).toBe(stringToSign(pairs));
  });
});

test('an expiry has no milliseconds', () => {
  expect(formatExpires(Date.UTC(2026, 5, 1, 12, 0, 0, 987))).toBe('2026-06-01T12:00:00+0000');
});

test('waits grow to five seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map(backOff)).toEqual([500, 1000, 2000, 3000, 4000, 5000, 5000, 5000]);
});
