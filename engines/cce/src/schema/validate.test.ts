import { describe, expect, test } from 'vitest';
import { INVALID_DATA, loadSchema, type Property, UNKNOWN_TYPE, validateExtern, validateValue } from './index.ts';

const TYPES = `
<typedef name="int" type="re" data="^(-?[1-9][0-9]*|0)$"/>
<typedef name="scalar" type="re" data=".*"/>
<typedef name="word" type="re" data="^[^[:space:]]+$"/>
<typedef name="spaced" type="re" data="^[a-z ]+$"/>
<typedef name="boolean" type="enum" data="0|1"/>
<typedef name="country" type="re" data="^[A-Z][A-Z]$" errmsg="[[base-ssl.country_invalid]]"/>
<typedef name="onedot" type="re" data="^a\\.b$"/>
<typedef name="twodots" type="re" data="^a\\\\.b$"/>
<typedef name="control" type="re" data="^[^\\001-\\040]+$"/>
<typedef name="dash" type="re" data="^[a\\-z]+$"/>
<typedef name="bytes" type="re" data="^[\\200-\\377]+$"/>
<typedef name="broken" type="re" data="(a"/>
<typedef name="program" type="extern" data="/bin/check" errmsg="[[x.y]]"/>
<typedef name="password" type="re" data='^[^"[:cntrl:]]{8,128}$'/>`;

function property(attributes: string, options = {}): Property {
  const text = `${TYPES}<class name="A"><property name="p" ${attributes}/></class>`;
  const found = loadSchema([{ file: 'a', text }], options)
    .schema.classes.get('A')
    ?.namespaces.get('')
    ?.properties.get('p');
  if (!found) throw new Error('no property');
  return found;
}

function fits(type: string, value: string): boolean {
  return validateValue(property(`type="${type}"`), value) === undefined;
}

test('cce 17.35: a value that does not fit is invalid data', () => {
  expect(validateValue(property('type="boolean"'), '5')).toBe(INVALID_DATA);
  expect(validateValue(property('type="boolean"'), '1')).toBeUndefined();
});

test('cce 17.38: the message of the type is used', () => {
  expect(validateValue(property('type="country"'), 'deu')).toBe('[[base-ssl.country_invalid]]');
  expect(validateValue(property('type="country"'), 'DE')).toBeUndefined();
});

describe('cce 17.39: arrays', () => {
  test('every element must fit', () => {
    const words = property('type="word" array="1"');
    expect(validateValue(words, '&a&b&')).toBeUndefined();
    expect(validateValue(words, '&a&b%20c&')).toBe(INVALID_DATA);
    expect(validateValue(words, '&a& &')).toBe(INVALID_DATA);
    expect(validateValue(words, '&a&&b&')).toBe(INVALID_DATA);
  });

  test('no elements are always right, whatever the type', () => {
    expect(validateValue(property('type="int" array="1"'), '')).toBeUndefined();
  });

  test('a last element without its end counts, and a value without any is one element', () => {
    const numbers = property('type="int" array="1"');
    expect(validateValue(numbers, '&1&x')).toBe(INVALID_DATA);
    expect(validateValue(numbers, '&1&2')).toBeUndefined();
    expect(validateValue(numbers, 'x')).toBe(INVALID_DATA);
    expect(validateValue(numbers, '7')).toBeUndefined();
  });

  test('a plus may be itself or a space', () => {
    expect(validateValue(property('type="word" array="1"'), '&a+b@c&')).toBeUndefined();
    expect(validateValue(property('type="spaced" array="1"'), '&a+b&c&')).toBeUndefined();
    expect(validateValue(property('type="spaced" array="1"'), '&a+B&c&')).toBe(INVALID_DATA);
  });
});

test('cce 17.40: an empty value is right when optional or when the type takes it', () => {
  expect(validateValue(property('type="int" optional="1"'), '')).toBeUndefined();
  expect(validateValue(property('type="int"'), '')).toBe(INVALID_DATA);
  expect(validateValue(property('type="scalar"'), '')).toBeUndefined();
  expect(validateValue(property('type="int" default=""'), '')).toBe(INVALID_DATA);
});

test('cce 2.4: writing the present value is no write, so it is right', () => {
  expect(validateValue(property('type="int"'), '', '')).toBeUndefined();
  expect(validateValue(property('type="int"'), 'old junk', 'old junk')).toBeUndefined();
  expect(validateValue(property('type="int"'), 'old junk', 'other')).toBe(INVALID_DATA);
});

test('cce 17.70: one backslash before a dot is lost, so any character fits', () => {
  expect(fits('onedot', 'axb')).toBe(true);
  expect(fits('twodots', 'axb')).toBe(false);
  expect(fits('twodots', 'a.b')).toBe(true);
});

test('cce 17.71: octal numbers in brackets are bytes', () => {
  expect(fits('control', 'abc')).toBe(true);
  for (const bad of ['a b', 'a\tb', '\x01', 'a\n']) expect(fits('control', bad), JSON.stringify(bad)).toBe(false);
  expect(fits('bytes', 'é')).toBe(true);
  expect(fits('bytes', '\udcff')).toBe(true);
  expect(fits('bytes', 'éa')).toBe(false);
});

test('cce 17.71: an escaped dash is a range', () => {
  expect(fits('dash', 'm')).toBe(true);
  expect(fits('dash', 'a-')).toBe(false);
});

test('a type that cannot be resolved says so', () => {
  expect(validateValue(property('type="broken"'), 'a')).toBe(UNKNOWN_TYPE);
  expect(validateValue(property('type="broken"'), 'a', 'a')).toBeUndefined();
  expect(validateValue(property('type="program"'), 'a')).toBe(UNKNOWN_TYPE);
  expect(validateValue(property('type="nosuch"'), 'a')).toBeUndefined();
});

describe('types that are programs', () => {
  const asked: string[] = [];
  async function even(_: unknown, value: string): Promise<boolean> {
    asked.push(value);
    return Number(value) % 2 === 0;
  }

  test('are asked about each element until one does not fit', async () => {
    const numbers = property('type="program" array="1"');
    await expect(validateExtern(numbers, '&2&4&', undefined, even)).resolves.toBeUndefined();
    await expect(validateExtern(numbers, '&2&3&4&', undefined, even)).resolves.toBe('[[x.y]]');
    expect(asked).toEqual(['2', '4', '2', '3']);
  });

  test('are not asked about the present value, the empty list and the empty value of an optional property', async () => {
    asked.length = 0;
    await expect(validateExtern(property('type="program"'), '3', '3', even)).resolves.toBeUndefined();
    await expect(validateExtern(property('type="program" array="1"'), '', 'x', even)).resolves.toBeUndefined();
    await expect(validateExtern(property('type="program" optional="1"'), '', 'x', even)).resolves.toBeUndefined();
    expect(asked).toEqual([]);
  });
});

test('cce 2.6: the longest password can be given, up to what the engine of patterns counts to', () => {
  function longest(passwordMax?: number): number {
    const { type } = property('type="password"', { passwordMax });
    return [7, 8, 20, 21, 128, 129, 1000, 1001].filter((length) => type.accepts('x'.repeat(length))).at(-1) ?? 0;
  }
  expect(longest()).toBe(128);
  expect(longest(20)).toBe(20);
  expect(longest(5000)).toBe(1000);
  expect(longest(3)).toBe(8);
});

test('an enum takes its words and nothing else', () => {
  for (const value of ['0|1', '', '2', '01']) expect(fits('boolean', value), value).toBe(false);
});
