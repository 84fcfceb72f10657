import fc from 'fast-check';

/** What broke parsers elsewhere: ends of text, signs of other syntaxes, numbers at their limits, names of every object, letters that change. */
export const NASTY: readonly string[] = [
  '',
  '\0',
  '\r\n',
  '\n',
  '\t',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\udfff\ud800',
  '😀',
  '\u202e',
  'ß',
  'İ',
  '٣',
  '%',
  '%00',
  '%zz',
  '%ed%a0%80',
  '+',
  '&',
  '&amp;',
  '&#0;',
  '&#x110000;',
  '&#xd800;',
  '&a;',
  '<',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<!DOCTYPE a [<!ENTITY a "b">]>',
  '<?',
  '"',
  "'",
  '\\',
  '\\u0000',
  '{',
  '[',
  '(',
  ':',
  ';',
  ',',
  '=',
  '/',
  '../',
  '*',
  '-',
  '-0',
  '-1',
  '0',
  '00',
  '0x10',
  '1e3',
  '1e999',
  '1.5',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '18446744073709551616',
  '9'.repeat(400),
  'NaN',
  'Infinity',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '$&',
  '$1',
];

/** Characters of the longest run of one token: where a parser takes the square of its length, this shows. */
const LONG = 60_000;

/** Text that nobody sends by mistake: any characters, also halves of them, words that broke others, and long runs of one of them. */
export function hostileText({ maxLength = 200, words = [] }: { readonly maxLength?: number; readonly words?: readonly string[] } = {}) {
  const token = fc.constantFrom(...NASTY, ...words, ...words);
  const runs = fc
    .tuple(token, token, fc.integer({ min: 2, max: LONG }), token)
    .map(([before, text, count, after]) => before + text.repeat(Math.min(count, Math.ceil(LONG / (text.length || 1)))) + after);
  return fc.oneof(
    { weight: 20, arbitrary: fc.string({ unit: 'binary', maxLength }) },
    { weight: 10, arbitrary: fc.uint16Array({ maxLength }).map((units) => String.fromCharCode(...units)) },
    { weight: 20, arbitrary: fc.string({ maxLength }) },
    { weight: 60, arbitrary: fc.array(token, { maxLength: 12 }).map((parts) => parts.join('')) },
    { weight: 2, arbitrary: runs },
  );
}

/** Any bytes, and text with a broken end. */
export function hostileBytes({ maxLength = 200 }: { readonly maxLength?: number } = {}): fc.Arbitrary<Uint8Array> {
  const cut = fc.tuple(hostileText({ maxLength }), fc.nat(3)).map(([text, less]) => {
    const bytes = Buffer.from(text, 'utf8');
    return new Uint8Array(bytes.subarray(0, Math.max(0, bytes.length - less)));
  });
  return fc.oneof(fc.uint8Array({ maxLength }), cut);
}
