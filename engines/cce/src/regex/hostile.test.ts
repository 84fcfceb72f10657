import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileEre } from './index.ts';

const SAMPLES = [
  '^[A-Za-z0-9\\._-]+@([a-z0-9][a-z0-9-]*\\.)+[a-z]+$',
  '^(|[^\udc80-\udcff]{6,24}||a{2,2})$',
  '[(\\.)|(\\,)][-][]a-z[:alpha:][=b=]]*',
  '((a+)+|(b|c)*){1,5}?\\bx\\w\\d(?:q)',
];
const WORDS = ['{1,60}', '{,9}', '[^', '[:', ':]', '(?:', '\\1', '\\', '||', '*', '+', '?', '^', '$', '\udc80', '\ud800', '\u{1f600}'];

test('any pattern is refused with a reason or answers any text', async () => {
  const pattern = fc.oneof(mutatedText(SAMPLES, WORDS), hostileText({ maxLength: 60, words: WORDS }));
  await fuzz(
    'engine-cce.regex',
    fc.tuple(pattern, hostileText({ maxLength: 60 }), fc.boolean()),
    ([source, text, newline]) => {
      const ere = compileEre(source, newline ? { newline, limit: 1024 } : { newline });
      if (!ere.ok) {
        expect(ere.reason).not.toBe('');
        return false;
      }
      expect(typeof ere.test(text)).toBe('boolean');
      expect(ere.test(text)).toBe(ere.test(text));
      return true;
    },
    { someAccepted: true },
  );
});
