import { expect, test } from 'vitest';
import { decryptedLikeOpenssl, encryptedLikeOpenssl } from './openssl-file.ts';

const KEY = 'bWFzdGVyLWtleS1mb3ItdGVzdHM=';
/** Made with `openssl enc -aes-256-cbc -pbkdf2 -salt` (cce 7.6). */
const FILE = Buffer.from('53616c7465645f5f535499a3b8eb8be6c6bc09a3754d2f2ad96ccdaff9aa15131e67b94357a33d9b21e191104b3c69c1', 'hex');
const PASSWORD = 'AbCdEfGhIjKlMnOpQrStUvWx';

test('cce 17.115: the file of openssl is read, raw and in base64', async () => {
  expect(await decryptedLikeOpenssl(FILE, KEY)).toBe(PASSWORD);
  const base64 = FILE.toString('base64').replaceAll(/.{64}/g, '$&\n');
  expect(await decryptedLikeOpenssl(Buffer.from(`${base64}\n`), KEY)).toBe(PASSWORD);
});

test('what is written is read again, and differs each time', async () => {
  const one = await encryptedLikeOpenssl(PASSWORD, KEY);

  expect(one.subarray(0, 8).toString()).toBe('Salted__');
  expect(await decryptedLikeOpenssl(one, KEY)).toBe(PASSWORD);
  expect(await encryptedLikeOpenssl(PASSWORD, KEY)).not.toEqual(one);
});

test.each([
  ['another key', FILE, 'another key'],
  ['a file that was cut', FILE.subarray(0, 40), KEY],
  ['an empty file', Buffer.alloc(0), KEY],
  ['salt alone', FILE.subarray(0, 12), KEY],
  ['any text', Buffer.from(PASSWORD), KEY],
])('%s is refused without being quoted', async (_what, file, key) => {
  const failure = await decryptedLikeOpenssl(file, key).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(RangeError);
  expect(String(failure)).not.toContain(PASSWORD);
});
