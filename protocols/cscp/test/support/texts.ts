import fc from 'fast-check';
import { normalizeText, textFromBytes } from '../../src/codec/text.ts';

const PIECES = [
  'é',
  '😀',
  '\ufffd',
  '\n',
  '\r\n',
  '"',
  '\\',
  '\\"',
  '\\303',
  '%',
  '&',
  '+',
  ' ',
  ',',
  '=',
  '.',
  '#1#',
  '\x01',
  '\x7f',
  '__proto__',
];

/** Bytes of UTF-8 and of none, but NUL. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.uint8Array({ min: 1, maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
      fc.string({ maxLength: 6 }).map((text) => Buffer.from(text)),
    ),
    { maxLength: 10 },
  )
  .map((parts) => Buffer.concat(parts));

/** Text in the form of the codec, with the words often in it; now and then a long one. */
export function anyText(words: readonly string[] = []): fc.Arbitrary<string> {
  const part = fc.oneof(anyBytes.map(textFromBytes), fc.constantFrom(...PIECES, ...words));
  const short = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
  const long = fc.tuple(part, fc.integer({ min: 100, max: 2000 })).map(([text, count]) => text.repeat(count).slice(0, 20_000));
  return fc.oneof({ weight: 60, arbitrary: short }, { weight: 1, arbitrary: long }).map(normalizeText);
}
