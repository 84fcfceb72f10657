import { randomInt, timingSafeEqual } from 'node:crypto';
import { setImmediate as letOthersWork } from 'node:timers/promises';
import { bytesFromText } from '@fairlead/cscp/codec';
import { CRYPT_ALPHABET } from './alphabet.ts';
import { md5CryptSteps } from './md5-crypt.ts';
import { type CryptSettings, cryptSteps, DEFAULT_ROUNDS, formatCrypt, parseCrypt } from './sha512-crypt.ts';
import { createTurns } from './turns.ts';

/** Longer passwords never match and are never hashed. The work before the first round grows with the square of the length; at this one it is two milliseconds. */
export const MAX_PASSWORD_BYTES = 1024;
/** A user may write the own `crypt_password` (cce 14.3); a hash that asks for more work than this never matches. */
export const MAX_VERIFY_ROUNDS = 500_000;

/** About half a millisecond of work, after which other requests have their turn. */
const ROUNDS_PER_SLICE = 200;
const AT_ONCE = 2;

/**
 * Matches no password, and verifying against it takes as long as against a hash of `hashCrypt`: for users that are not there,
 * so that an answer does not tell by its time whether they are.
 */
export const NOBODY_CRYPT = `$6$nobody.is.here$${'.'.repeat(86)}`;

const takeTurn = createTurns(AT_ONCE);

export interface CryptOptions {
  /** 1 to 16 characters of `./0-9A-Za-z`; random when absent. */
  readonly salt?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The SHA-512 crypt text (`$6$salt$digest`) of a password of at most 1024 bytes; rejects with a RangeError for a longer one. */
export async function hashCrypt(password: string, options: CryptOptions = {}): Promise<string> {
  const bytes = bytesToHash(password);
  const settings: CryptSettings = { salt: options.salt ?? randomSalt(16), rounds: DEFAULT_ROUNDS, named: false };
  return formatCrypt(settings, await inTurn(cryptSteps(bytes, settings), options.signal));
}

/** The `$1$` text of a password, for the legacy field `md5_password` only: nothing here accepts it. The salt has at most 8 characters. */
export async function hashMd5Crypt(password: string, options: CryptOptions = {}): Promise<string> {
  const salt = options.salt ?? randomSalt(8);
  return `$1$${salt}$${await inTurn(md5CryptSteps(bytesToHash(password), salt), options.signal)}`;
}

/**
 * Whether the hash is that of the password. Everything that is no `$6$` text (empty, `*`, `!`, other schemes) is false at once;
 * hand `NOBODY_CRYPT` instead when that time must not tell.
 */
export async function verifyCrypt(hash: string, password: string, options: Pick<CryptOptions, 'signal'> = {}): Promise<boolean> {
  const parsed = parseCrypt(hash);
  const bytes = Buffer.from(bytesFromText(password));
  if (!parsed || parsed.digest === '' || bytes.length > MAX_PASSWORD_BYTES) return false;
  if (parsed.settings.rounds > MAX_VERIFY_ROUNDS) return false;
  return equalTexts(await inTurn(cryptSteps(bytes, parsed.settings), options.signal), parsed.digest);
}

/** Whether `verifyCrypt` can ever say yes: an account without such a hash has no usable password. */
export function isUsableCrypt(hash: string): boolean {
  const parsed = parseCrypt(hash);
  return parsed !== undefined && parsed.digest.length === 86 && parsed.settings.rounds <= MAX_VERIFY_ROUNDS;
}

function bytesToHash(password: string): Buffer {
  const bytes = Buffer.from(bytesFromText(password));
  if (bytes.length > MAX_PASSWORD_BYTES) throw new RangeError(`A password has at most ${MAX_PASSWORD_BYTES} bytes.`);
  return bytes;
}

async function inTurn(steps: Generator<undefined, string, undefined>, signal: AbortSignal | undefined): Promise<string> {
  const done = await takeTurn(signal);
  try {
    for (;;) {
      for (let round = 0; round < ROUNDS_PER_SLICE; round += 1) {
        const step = steps.next();
        if (step.done) return step.value;
      }
      await letOthersWork(undefined, { signal });
    }
  } finally {
    done();
  }
}

function equalTexts(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function randomSalt(length: number): string {
  return Array.from({ length }, () => CRYPT_ALPHABET[randomInt(CRYPT_ALPHABET.length)]).join('');
}
