import { fuzz } from '@fairlead/testkit/fuzz';
import { expect, test } from 'vitest';
import { anyBytes, anyText } from '../../test/support/texts.ts';
import { bytesFromText, normalizeText, textFromBytes } from './text.ts';

test('whatever bytes: their text gives them back, and has no lone surrogate where they are UTF-8', async () => {
  await fuzz('cscp.text', anyBytes, (bytes) => {
    const text = textFromBytes(bytes);
    expect(Buffer.compare(bytesFromText(text), bytes)).toBe(0);
    expect(normalizeText(text)).toBe(text);
  });
});

test.each([
  ['an overlong form', [0xc0, 0xaf], '\udcc0\udcaf'],
  ['half of a pair', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  ['beyond the last character', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
  ['a sequence that is cut', [0x61, 0xe2, 0x82], 'a\udce2\udc82'],
  ['good ones around a bad one', [0xc3, 0xa9, 0xff, 0xf0, 0x9f, 0x98, 0x80], 'é\udcff😀'],
])('%s is kept byte by byte', (_, bytes, text) => {
  expect(textFromBytes(Uint8Array.from(bytes))).toBe(text);
  expect([...bytesFromText(text)]).toEqual(bytes);
});

test('mixed text is encoded as Buffer does it around the lone bytes', async () => {
  await fuzz('cscp.text-encoding', anyText(), (text) => {
    const wellFormed = text.toWellFormed();
    expect(Buffer.compare(bytesFromText(`\udcff${wellFormed}`).subarray(1), Buffer.from(wellFormed))).toBe(0);
    expect(textFromBytes(Buffer.concat([Buffer.of(0xff), Buffer.from(wellFormed)]))).toBe(`\udcff${wellFormed}`);
  });
});

test('a lone surrogate that stands for no byte becomes U+FFFD', () => {
  expect(bytesFromText('a\ud800b\udc00').toString('utf8')).toBe('a\ufffdb\ufffd');
});

test('bytes that make a character together become it', () => {
  expect(normalizeText('a\udcc3\udca9b')).toBe('aéb');
});
