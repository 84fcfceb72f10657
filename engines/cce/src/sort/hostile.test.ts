import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparatorOf } from './index.ts';

const TYPES = ['ascii', 'old_numeric', 'ip', 'hostname', 'locale(en_US)', 'locale(de)'];
const WORDS = ['v1.2.3', '1.10', '.5', '10.0.0.1', '::1', 'fe80::1%eth0', '::ffff:10.0.0.1', 'www.example.com', '.', '-', 'ä', '\udc80'];

test('any three values stand in one order, whichever is asked first', async () => {
  const value = hostileText({ maxLength: 20, words: WORDS });
  await fuzz(
    'engine-cce.sort',
    fc.tuple(fc.oneof(fc.constantFrom(...TYPES), hostileText({ maxLength: 20, words: ['locale(', ')', 'en_US'] })), value, value, value),
    ([type, a, b, c]) => {
      const compare = comparatorOf(type);
      if (compare === undefined) return false;
      const sign = (x: string, y: string) => Math.sign(compare(x, y));
      expect([sign(a, a), sign(a, b) + sign(b, a)]).toEqual([0, 0]);
      const [first = '', middle = '', last = ''] = [a, b, c].sort(compare);
      expect([sign(first, middle), sign(middle, last), sign(first, last)].every((one) => one <= 0)).toBe(true);
      if (sign(first, middle) === 0) expect(sign(middle, last)).toBe(sign(first, last));
      return true;
    },
    { someAccepted: true },
  );
});
