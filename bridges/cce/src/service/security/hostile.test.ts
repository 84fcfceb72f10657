import { fuzz, hostileText, mutatedBytes } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptedLikeOpenssl, encryptedLikeOpenssl } from './openssl-file.ts';

const PASSPHRASE = 'bWFzdGVyLWtleS1mb3ItdGVzdHM=';
/** The vector of cce 7.6. */
const VECTOR = Buffer.from('53616c7465645f5f535499a3b8eb8be6c6bc09a3754d2f2ad96ccdaff9aa15131e67b94357a33d9b21e191104b3c69c1', 'hex');
const CLEAR = 'AbCdEfGhIjKlMnOpQrStUvWx';

test('any file is read or refused without a word of what is in it', async () => {
  const base64 = Buffer.from(`${VECTOR.toString('base64')}\n`);
  await fuzz(
    'cce.openssl-file',
    fc.oneof(
      fc.constant(VECTOR),
      mutatedBytes([VECTOR, base64]),
      hostileText({ maxLength: 40 }).map((text) => Buffer.from(`Salted__${text}`)),
    ),
    async (file) => {
      const text = await decryptedLikeOpenssl(file, PASSPHRASE).catch((error: unknown) => {
        expect(error).toBeInstanceOf(RangeError);
        expect(String(error)).not.toContain(CLEAR.slice(0, 8));
        return undefined;
      });
      if (Buffer.compare(file, VECTOR) === 0) expect(text).toBe(CLEAR);
      return text !== undefined;
    },
    { share: 0.3 },
  );
});

test('any text and any passphrase come back', async () => {
  await fuzz(
    'cce.openssl-texts',
    fc.tuple(hostileText({ maxLength: 40 }), hostileText({ maxLength: 40 })),
    async ([text, passphrase]) => {
      const wellFormed = text.toWellFormed();
      expect(await decryptedLikeOpenssl(await encryptedLikeOpenssl(wellFormed, passphrase), passphrase)).toBe(wellFormed);
    },
    { share: 0.2 },
  );
});
