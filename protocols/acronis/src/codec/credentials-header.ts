import { decodeBase64 } from './base64.ts';
import { type JsonLimits, readJson } from './json.ts';
import { bad, good, isObject, type JsonObject, type Read } from './read.ts';

/** Who calls, as `X-CyberApp-Auth` says (CyberApp 2.3). Holds a password: drop it after it was verified. */
export interface Credentials {
  /** As it was typed. */
  readonly identity: string;
  /** What accounts are found by. */
  readonly loginKey: string;
  readonly password: string;
}

/** Which step failed: for the audit, never for the answer. */
export type CredentialsProblem = 'missing' | 'too_long' | 'not_base64' | 'not_text' | 'no_split' | 'password' | 'identity';

const MAX_HEADER = 8192;
const MAX_COLONS = 8;
const MAX_IDENTITY = 255;
const MAX_PASSWORD = 1024;
/** The password and 16 others. */
const MAX_SECRETS = 17;
const CONTROL = /\p{Cc}/u;

/** Reads the value of `X-CyberApp-Auth`: base64 of `identity:{"password":"…"}`. */
export function parseCredentials(header: string | undefined): Read<Credentials, CredentialsProblem> {
  if (header === undefined || header === '') return bad('missing');
  if (header.length > MAX_HEADER) return bad('too_long');
  const bytes = decodeBase64(header);
  if (bytes === undefined) return bad('not_base64');
  const text = textOf(bytes);
  if (text === undefined || CONTROL.test(text)) return bad('not_text');
  const split = splitAtSecrets(text);
  if (split === undefined) return bad('no_split');
  const { identity, secrets } = split;
  const password = Object.hasOwn(secrets, 'password') ? secrets.password : undefined;
  if (Object.keys(secrets).length > MAX_SECRETS || !isPassword(password)) return bad('password');
  if (!within(identity, MAX_IDENTITY)) return bad('identity');
  return good({ identity, loginKey: loginKey(identity), password });
}

/** The one form of a login: two logins with the same form are one. */
export function loginKey(identity: string): string {
  return identity.normalize('NFKC').toLowerCase();
}

/** The header that Acronis sends for an identity and its secrets. */
export function formatCredentials(identity: string, secrets: Readonly<Record<string, string>>): string {
  return Buffer.from(`${identity}:${JSON.stringify(secrets)}`, 'utf8').toString('base64');
}

export type ExtraProblem = 'too_long' | 'not_base64' | 'not_an_object';

const MAX_EXTRA = 16_384;
const EXTRA_LIMITS: JsonLimits = { depth: 8, members: 256, stringLength: MAX_EXTRA };

/** Reads the value of `X-CyberApp-Extra`: base64 of a JSON object (CyberApp 2.2). */
export function parseExtra(header: string): Read<JsonObject, ExtraProblem> {
  if (header.length > MAX_EXTRA) return bad('too_long');
  const bytes = decodeBase64(header);
  if (bytes === undefined) return bad('not_base64');
  const read = readJson(bytes, EXTRA_LIMITS);
  return read.ok && isObject(read.value) ? good(read.value) : bad('not_an_object');
}

/** The header that Acronis sends for what an app version defines beside the credentials. */
export function formatExtra(extra: JsonObject): string {
  return Buffer.from(JSON.stringify(extra), 'utf8').toString('base64');
}

function textOf(bytes: Buffer): string | undefined {
  try {
    // A byte order mark is part of an identity like any other character.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first colon with a JSON object after it: an identity of imported data may have colons of its own. */
function splitAtSecrets(text: string): { readonly identity: string; readonly secrets: JsonObject } | undefined {
  let colon = text.indexOf(':');
  for (let tried = 0; colon >= 0 && tried < MAX_COLONS; tried += 1) {
    const secrets = objectIn(text.slice(colon + 1));
    if (secrets !== undefined) return { identity: text.slice(0, colon), secrets };
    colon = text.indexOf(':', colon + 1);
  }
  return undefined;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPassword(value: unknown): value is string {
  // Half a character would become another one before it is hashed, and so match other passwords.
  return typeof value === 'string' && within(value, MAX_PASSWORD) && value.isWellFormed();
}

function within(text: string, max: number): boolean {
  return text.length > 0 && text.length <= 2 * max && [...text].length <= max;
}
