import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a guess costs (RFC 9106). */
export interface PasswordCost {
  /** Blocks of 1 KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** 19 MiB, two passes: some 20 ms, off the event loop. */
const usualCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

/** A stored hash that asks for more than this is not worth a computation. */
const mostCost: PasswordCost = { memory: 1_048_576, passes: 99, parallelism: 99 };

const PHC = /^\$(argon2id?)\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Argon2id of a password as a PHC string, with a salt of its own (RFC 9106). */
export async function hashPassword(password: string, cost: PasswordCost = usualCost): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive('argon2id', { password, salt, length: 32, cost });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether the password made this PHC string (argon2id or argon2i); false at once for a string that is none or that asks for more than `most`. */
export async function verifyPassword(password: string, phc: string, most: PasswordCost = mostCost): Promise<boolean> {
  const parsed = parse(phc);
  if (parsed === undefined || !isWithin(parsed.cost, most)) return false;
  const { variant, cost, salt, hash } = parsed;
  const found = await derive(variant, { password, salt, length: hash.length, cost });
  return timingSafeEqual(found, hash);
}

/** Whether a stored hash is cheaper to guess than one of this cost, so that it should be made anew. */
export function isWeakerHash(phc: string, cost: PasswordCost): boolean {
  const parsed = parse(phc);
  return parsed === undefined || parsed.variant !== 'argon2id' || parsed.cost.memory < cost.memory || parsed.cost.passes < cost.passes;
}

/** Whether this is a PHC string that `verifyPassword` computes within `most`. */
export function isPasswordHash(phc: string, most: PasswordCost = mostCost): boolean {
  const parsed = parse(phc);
  return parsed !== undefined && isWithin(parsed.cost, most);
}

interface ParsedHash {
  readonly variant: 'argon2id' | 'argon2i';
  readonly cost: PasswordCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

function parse(phc: string): ParsedHash | undefined {
  const [, variant, memory, passes, parallelism, salt = '', hash = ''] = PHC.exec(phc) ?? [];
  if (variant !== 'argon2id' && variant !== 'argon2i') return undefined;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { variant, cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function isWithin({ memory, passes, parallelism }: PasswordCost, most: PasswordCost): boolean {
  if (passes < 1 || parallelism < 1 || memory < 8 * parallelism) return false;
  return memory <= most.memory && passes <= most.passes && parallelism <= most.parallelism;
}

interface Derivation {
  readonly password: string;
  readonly salt: Buffer;
  readonly length: number;
  readonly cost: PasswordCost;
}

function derive(variant: ParsedHash['variant'], { password, salt, length, cost }: Derivation): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  argon2(variant, { message: password, nonce: salt, tagLength: length, ...cost }, (error, key) => (error ? reject(error) : resolve(key)));
  return promise;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
