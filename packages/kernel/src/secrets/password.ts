import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

interface Cost {
  /** Blocks of 1 KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** 19 MiB, two passes: some 20 ms, off the event loop. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Argon2id of a password as a PHC string, with a salt of its own (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether the password made this PHC string; false for a string that is none or that asks for more than 1 GiB. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', hash = ''] = PHC.exec(phc) ?? [];
  const asked = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const sane = asked.passes >= 1 && asked.parallelism >= 1 && asked.memory >= 8 * asked.parallelism && asked.memory <= 1_048_576;
  if (!sane) return false;
  const expected = Buffer.from(hash, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), expected.length, asked);
  return timingSafeEqual(found, expected);
}

function derive(password: string, salt: Buffer, length: number, by: Cost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  argon2('argon2id', { message: password, nonce: salt, tagLength: length, ...by }, (error, key) => (error ? reject(error) : resolve(key)));
  return promise;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
