import { hash as digestOf } from 'node:crypto';
import { cryptDigits } from './alphabet.ts';

const ROUNDS = 1000;
/** Which bytes of the digest stand together, as crypt(3) orders them. */
const GROUPS: readonly (readonly [number, number, number])[] = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
];

/** The digest of the `$1$` form for old programs, one step per round. Weak: only for who must have it. */
export function* md5CryptSteps(password: Buffer, salt: string): Generator<undefined, string, undefined> {
  const saltBytes = Buffer.from(salt);
  let digest = firstDigest(password, saltBytes);
  for (let round = 0; round < ROUNDS; round += 1) {
    const odd = round % 2 === 1;
    const parts = [odd ? password : digest];
    if (round % 3 !== 0) parts.push(saltBytes);
    if (round % 7 !== 0) parts.push(password);
    parts.push(odd ? digest : password);
    digest = md5(parts);
    yield;
  }
  return encode(digest);
}

function firstDigest(password: Buffer, salt: Buffer): Buffer {
  const other = md5([password, salt, password]);
  const parts = [password, Buffer.from('$1$'), salt, Buffer.alloc(password.length, other)];
  for (let length = password.length; length > 0; length >>= 1) {
    parts.push(length % 2 === 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  }
  return md5(parts);
}

function encode(digest: Buffer): string {
  const byte = (index: number): number => digest[index] ?? 0;
  const groups = GROUPS.map(([high, middle, low]) => cryptDigits([byte(high), byte(middle), byte(low)], 4));
  return groups.join('') + cryptDigits([0, 0, byte(11)], 2);
}

function md5(parts: readonly Buffer[]): Buffer {
  return digestOf('md5', Buffer.concat(parts), 'buffer');
}
