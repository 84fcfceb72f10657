import { hash as digestOf } from 'node:crypto';
import { cryptDigits } from './alphabet.ts';

/** The parts of a `$6$` text; of "Unix crypt using SHA-256 and SHA-512" (the public specification), whose step numbers the comments below give. */
export interface CryptSettings {
  readonly salt: string;
  readonly rounds: number;
  /** Whether the text names the rounds: it does when they differ from the default, and may anyway. */
  readonly named: boolean;
}

export const DEFAULT_ROUNDS = 5000;
const LEAST_ROUNDS = 1000;
const MOST_ROUNDS = 999_999_999;
const SALT_LENGTH = 16;
const DIGEST_BYTES = 64;

/** Settings and digest of a `$6$` text; undefined for anything else. `digest` is empty when the text is a salt only. */
export function parseCrypt(text: string): { readonly settings: CryptSettings; readonly digest: string } | undefined {
  const found = /^\$6\$(?:rounds=(\d{1,10})\$)?([^$\n]*)(?:\$([./0-9A-Za-z]*))?$/.exec(text);
  if (!found) return undefined;
  const [, rounds, salt = '', digest = ''] = found;
  return {
    settings: {
      salt: salt.slice(0, SALT_LENGTH),
      rounds: rounds === undefined ? DEFAULT_ROUNDS : Math.min(Math.max(Number(rounds), LEAST_ROUNDS), MOST_ROUNDS),
      named: rounds !== undefined,
    },
    digest,
  };
}

/** The whole text for a digest in the alphabet of crypt. */
export function formatCrypt(settings: CryptSettings, digest: string): string {
  const rounds = settings.named || settings.rounds !== DEFAULT_ROUNDS ? `rounds=${settings.rounds}$` : '';
  return `$6$${rounds}${settings.salt}$${digest}`;
}

/**
 * The digest of a password, one step per round: who runs it decides when to let others work. Yields after each round;
 * the value at the end is the digest in the alphabet of crypt (86 characters).
 */
export function* cryptSteps(password: Buffer, settings: CryptSettings): Generator<undefined, string, undefined> {
  const salt = Buffer.from(settings.salt, 'utf8');
  let digest = firstDigest(password, salt);
  const passwordBytes = repeated(sha512(times(password, password.length)), password.length);
  const saltBytes = repeated(sha512(times(salt, 16 + (digest[0] ?? 0))), salt.length);
  for (let round = 0; round < settings.rounds; round += 1) {
    digest = nextDigest(round, digest, passwordBytes, saltBytes);
    yield;
  }
  return encode(digest);
}

/** Steps 1 to 12. */
function firstDigest(password: Buffer, salt: Buffer): Buffer {
  const other = sha512([password, salt, password]);
  const parts = [password, salt, repeated(other, password.length)];
  for (let length = password.length; length > 0; length >>= 1) parts.push(length % 2 === 1 ? other : password);
  return sha512(parts);
}

/** Step 21: what one round mixes. */
function nextDigest(round: number, digest: Buffer, password: Buffer, salt: Buffer): Buffer {
  const odd = round % 2 === 1;
  const parts = [odd ? password : digest];
  if (round % 3 !== 0) parts.push(salt);
  if (round % 7 !== 0) parts.push(password);
  parts.push(odd ? digest : password);
  return sha512(parts);
}

function sha512(parts: readonly Buffer[]): Buffer {
  return digestOf('sha512', Buffer.concat(parts), 'buffer');
}

function times(bytes: Buffer, count: number): Buffer[] {
  return Array.from({ length: count }, () => bytes);
}

/** The digest over and over until `length` bytes (steps 9, 10, 16 and 20). */
function repeated(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

/** Step 22: groups of three bytes that lie 21 apart, the first moving round by one each time, then the last byte alone. */
function encode(digest: Buffer): string {
  let text = '';
  for (let group = 0; group < 21; group += 1) {
    const [high, middle, low] = ROTATIONS[group % 3] ?? [0, 0, 0];
    text += cryptDigits([byteAt(digest, high + group), byteAt(digest, middle + group), byteAt(digest, low + group)], 4);
  }
  return text + cryptDigits([0, 0, byteAt(digest, DIGEST_BYTES - 1)], 2);
}

const ROTATIONS: readonly (readonly [number, number, number])[] = [
  [0, 21, 42],
  [21, 42, 0],
  [42, 0, 21],
];

function byteAt(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}
