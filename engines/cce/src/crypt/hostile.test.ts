import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUsableCrypt, MAX_VERIFY_ROUNDS, NOBODY_CRYPT } from './crypt.ts';
import { parseCrypt } from './sha512-crypt.ts';

const samples = [NOBODY_CRYPT, NOBODY_CRYPT.replace('$6$', '$6$rounds=10000$'), '$6$rounds=999999999$salt$x', '$1$salt$x', '*', '!!', ''];
const kept = fc.oneof(mutatedText(samples, ['$', 'rounds=', '6', '\n', '\0']), hostileText({ words: samples, maxLength: 200 }));

test('whatever a user writes as the own hash, the work that it asks for is bounded', async () => {
  await fuzz(
    'cce.crypt',
    kept,
    (text) => {
      const parsed = parseCrypt(text);
      if (!parsed) return;
      expect(parsed.settings.rounds).toBeGreaterThanOrEqual(1000);
      expect(parsed.settings.salt.length).toBeLessThanOrEqual(16);
      expect(parsed.digest).toMatch(/^[./0-9A-Za-z]*$/);
      if (isUsableCrypt(text)) expect(parsed.settings.rounds).toBeLessThanOrEqual(MAX_VERIFY_ROUNDS);
    },
    { share: 4 },
  );
});
