import { fuzz } from '@fairlead/testkit/fuzz';
import { expect, test } from 'vitest';
import { anyBytes } from '../../test/support/texts.ts';
import { closingQuote, escapeValue, plainText, quoteValue, unescapeTable, unescapeValue } from './escape.ts';
import { textFromBytes } from './text.ts';

test('cce 17.9: each of the 255 bytes survives escape and unescape alone and among others', () => {
  for (let byte = 1; byte < 256; byte += 1) {
    const alone = textFromBytes(Uint8Array.of(byte));
    const among = textFromBytes(Uint8Array.of(0x37, byte, 0x37, byte));
    expect(unescapeValue(escapeValue(alone))).toBe(alone);
    expect(unescapeValue(escapeValue(among))).toBe(among);
  }
});

test('cce 17.9: random values survive, and are ASCII without a bare quote or a line feed on the wire', async () => {
  await fuzz('cscp.escape', anyBytes, (bytes) => {
    const value = textFromBytes(bytes);
    const escaped = escapeValue(value);
    expect(unescapeValue(escaped)).toBe(value);
    expect(escaped).toMatch(/^[ -~]*$/);
    expect(closingQuote(quoteValue(value), 1)).toBe(escaped.length + 1);
  });
});

test('cce 17.10: a backslash before another character is dropped, octal bytes make characters', () => {
  expect(unescapeValue('\\$5 \\u00e9 \\&')).toBe('$5 u00e9 &');
  expect(unescapeValue('caf\\303\\251')).toBe('café');
  expect(unescapeValue('\\a\\b\\f\\n\\r\\t\\v\\"\\\\')).toBe('\x07\b\f\n\r\t\v"\\');
});

test('an escape is read once, from the left', () => {
  expect(unescapeValue('\\\\n')).toBe('\\n');
  expect(unescapeValue('\\\\303\\\\251')).toBe('\\303\\251');
});

test('an octal escape has exactly three digits and 8 bits', () => {
  expect(unescapeValue('\\12 \\128 \\1234 \\501')).toBe('12 128 S4 A');
  expect(unescapeValue('\\351')).toBe('\udce9');
});

test('a byte that is raw and one that is escaped make a character together', () => {
  expect(unescapeValue('\udcc3\\251')).toBe('é');
});

test('values are escaped byte by byte with three octal digits', () => {
  expect(escapeValue('é\x01\x7f "\\')).toBe('\\303\\251\\001\\177 \\"\\\\');
  expect(escapeValue('\udcff')).toBe('\\377');
});

test('the data of a typedef passes the same table, and may end in a backslash', () => {
  expect(unescapeTable('^[\\001-\\040]\\.\\\\.$\\')).toBe('^[\x01- ].\\.$\\');
});

test('a name without quotes is literal but for control bytes', () => {
  expect(plainText('é "a\\b"')).toBe('é "a\\b"');
  expect(plainText('a\n201 OK\r\x7f')).toBe('a\\n201 OK\\r\\177');
});
