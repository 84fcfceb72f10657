import { describe, expect, test } from 'vitest';
import { comparatorOf } from './index.ts';

/** The values in the order of a type; equal ones stay as they were. */
function sorted(type: string, values: readonly string[]): readonly string[] {
  const compare = comparatorOf(type);
  if (!compare) throw new Error(`no sort type ${type}`);
  return [...values].sort(compare);
}

/** The table of the catalogue: OIDs 1 to 5. */
function oids(type: string, values: readonly string[]): readonly number[] {
  return sorted(type, values).map((value) => values.indexOf(value) + 1);
}

describe('cce 17.49: the sorting table', () => {
  const val1 = ['D', 'B', 'b', 'A', 'a'];
  const val2 = ['e', 'c', 'b', 'd', 'a'];
  const val3 = ['60', '61', '7.9', '3.1', '95.01'];

  test.each([
    ['ascii', val1, [4, 2, 1, 5, 3]],
    ['ascii', val2, [5, 3, 2, 4, 1]],
    ['old_numeric', val3, [4, 3, 1, 2, 5]],
    ['locale(en_US)', val1, [5, 4, 3, 2, 1]],
  ])('%s of %j', (type, values, order) => {
    expect(oids(type, values)).toEqual(order);
  });
});

test('cce 17.50: a type that nobody knows has no order', () => {
  for (const type of ['', 'bogus', 'ASCII', 'asc', 'locale', 'locale()', 'locale(en_US', 'locale(!)', 'locale(en_US)x']) {
    expect(comparatorOf(type), type).toBeUndefined();
  }
});

test('cce 17.51: addresses go by their numbers, IPv6 behind IPv4, what is none before both', () => {
  const order = ['', 'none', '2.0.0.10', '10.0.0.2', '10.0.0.10', '192.168.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0', 'fe80::2'];
  expect(sorted('ip', [...order].reverse().sort())).toEqual(order);
  expect(sorted('ip', ['10.0.0.256', '1.1.1.1', '1:2', '1::2::3', '12345::'])).toEqual([
    '10.0.0.256',
    '1:2',
    '1::2::3',
    '12345::',
    '1.1.1.1',
  ]);
});

test('cce 17.51: an address has one place however it is written', () => {
  const compare = comparatorOf('ip');
  expect(compare?.('2001:db8::0:1', '2001:0DB8:0:0:0:0:0:1')).toBe(0);
  expect(compare?.('::', '0:0:0:0:0:0:0:0')).toBe(0);
  expect(compare?.('::ffff:1.2.3.4', '::ffff:102:304')).toBe(0);
});

test('cce 17.51: host names go by their labels from the right, whatever their case', () => {
  expect(sorted('hostname', ['www.b.com', 'b.com', 'z.a.com', 'WWW.A.com', 'a.net', 'a.com', 'localhost'])).toEqual([
    'a.com',
    'WWW.A.com',
    'z.a.com',
    'b.com',
    'www.b.com',
    'localhost',
    'a.net',
  ]);
  expect(comparatorOf('hostname')?.('a.example.', 'A.example')).toBe(0);
});

test('numbers go component by component, also versions, signs and numbers of any length', () => {
  const order = ['-10', '-2', '0.5', '1', '1.0', 'v1.2.3', '1.10', '2', '99999999999999999999', '100000000000000000000'];
  expect(sorted('old_numeric', [...order].reverse())).toEqual(order);
});

test('what is no number stands before every number, in the order it had', () => {
  expect(sorted('old_numeric', ['3', 'x', '-1', '', 'v', '1.2.x', '.'])).toEqual(['x', '', 'v', '1.2.x', '.', '-1', '3']);
});

test('ascii is the order of the UTF-8 bytes, also of bytes that are no UTF-8', () => {
  expect(sorted('ascii', ['\u{1f600}', '\uffee', '\udc80', 'é', 'z', '', '\udcff'])).toEqual([
    '',
    'z',
    '\udc80',
    'é',
    '\uffee',
    '\u{1f600}',
    '\udcff',
  ]);
});

test('a locale may name a character set; C is the order of bytes', () => {
  expect(sorted('locale(de_DE.UTF-8)', ['z', 'ä', 'a'])).toEqual(['a', 'ä', 'z']);
  expect(sorted('locale(sv_SE@euro)', ['z', 'ä', 'a'])).toEqual(['a', 'z', 'ä']);
  expect(sorted('locale(C)', ['b', 'a', 'B'])).toEqual(['B', 'a', 'b']);
});

test('long hostile values are compared in linear time', () => {
  for (const type of ['old_numeric', 'ip', 'hostname', 'ascii', 'locale(en_US)']) {
    for (const unit of [' ', '1.', '.', ':', '1', '-', '\udc80']) {
      const value = unit.repeat(100_000);
      expect(Math.sign(comparatorOf(type)?.(value, value) ?? 1), `${type} ${unit}`).toBe(0);
      expect(comparatorOf(type)?.(`${value}x`, `${value}y`), `${type} ${unit}`).toBeTypeOf('number');
    }
  }
});
