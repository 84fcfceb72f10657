import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** What `openssl enc -aes-256-cbc -pbkdf2 -salt` writes (cce 7.6): 8 bytes of this, 8 of salt, then the text. */
const MAGIC = Buffer.from('Salted__', 'latin1');
/** The first bytes of the same in base64, as `openssl enc -a` writes it. */
const MAGIC_BASE64 = 'U2FsdGVkX1';
const SALT_BYTES = 8;
const ITERATIONS = 10_000;
const KEY_BYTES = 32;
const IV_BYTES = 16;

const derive = promisify(pbkdf2);

/** The text under the passphrase, as bytes that `openssl enc -d` reads. */
export async function encryptedLikeOpenssl(text: string, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const { key, iv } = await keyOf(passphrase, salt);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([MAGIC, salt, cipher.update(text, 'utf8'), cipher.final()]);
}

/** The text of such a file, raw or in base64. Throws `RangeError`, which never quotes it, for another passphrase or anything else. */
export async function decryptedLikeOpenssl(file: Buffer, passphrase: string): Promise<string> {
  const isBase64 = file.subarray(0, MAGIC_BASE64.length).toString('latin1') === MAGIC_BASE64;
  const bytes = isBase64 ? Buffer.from(file.toString('latin1').replaceAll(/\s/g, ''), 'base64') : file;
  const salt = bytes.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || salt.length < SALT_BYTES) throw new RangeError('it was not made by openssl enc');
  const { key, iv } = await keyOf(passphrase, salt);
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    return Buffer.concat([decipher.update(bytes.subarray(MAGIC.length + SALT_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw new RangeError('it was made with another key, or is not whole');
  }
}

async function keyOf(passphrase: string, salt: Buffer): Promise<{ key: Buffer; iv: Buffer }> {
  const material = await derive(passphrase, salt, ITERATIONS, KEY_BYTES + IV_BYTES, 'sha256');
  return { key: material.subarray(0, KEY_BYTES), iv: material.subarray(KEY_BYTES) };
}
