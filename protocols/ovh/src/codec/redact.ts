import { keyHint } from '../config/secret.ts';

const REDACTED = '[redacted]';
/** Deeper members of a body are not worth a log line. */
const MAX_DEPTH = 32;

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-ovh-consumer',
  'x-ovh-signature',
]);

/** Folded: lower case, without `_` and `-` (spec 3.15). */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'accesstoken',
  'applicationsecret',
  'clientsecret',
  'consumerkey',
  'credentialtoken',
  'passwd',
  'password',
  'privatekey',
  'refreshtoken',
  'secret',
  'signature',
  'token',
]);

const PAIR = /([?&;]|^)([^=&?#;\s]+)=([^&#;\s]*)/g;
const MEMBER = /"([A-Za-z_-]{1,40})"\s*:\s*(?:"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*)/g;

/** Names besides those above, as a schema knows them. */
export type SecretNames = Iterable<string>;

/** Nobody knows other names, mostly: then nothing is made. */
function foldedNames(names: SecretNames | undefined): ReadonlySet<string> {
  if (names === undefined) return SECRET_KEYS;
  const folded = new Set(SECRET_KEYS);
  for (const name of names) folded.add(fold(name));
  return folded;
}

function fold(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}

/** A copy of the headers that may be logged: of the application key its first 4 characters, of secrets nothing. */
export function redactHeaders<T>(headers: Readonly<Record<string, T>>): Record<string, T | string> {
  const safe: Record<string, T | string> = {};
  for (const [name, value] of Object.entries(headers)) safe[name] = safeHeader(name.toLowerCase(), value);
  return safe;
}

function safeHeader<T>(name: string, value: T): T | string {
  if (SECRET_HEADERS.has(name)) return REDACTED;
  if (name === 'x-ovh-application' && typeof value === 'string') return keyHint(value);
  return name === 'location' && typeof value === 'string' ? redactText(value) : value;
}

/**
 * A copy of a parsed body that may be logged; keys of secrets count at any depth and in any spelling. `names` are those that a schema
 * knows besides: `secrets` of RouteMetadata.
 */
export function redactBody(body: unknown, names?: SecretNames): unknown {
  return safeValue(body, 0, foldedNames(names));
}

function safeValue(value: unknown, depth: number, secrets: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return safeText(value, secrets);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => safeValue(item, depth + 1, secrets));
  if (value instanceof Date) return value;
  const entries = value instanceof Map ? [...value].map(([key, member]) => [String(key), member] as const) : Object.entries(value);
  return Object.fromEntries(entries.map(([key, member]) => [key, safeMember([key, member], depth, secrets)]));
}

function safeMember([key, member]: readonly [string, unknown], depth: number, secrets: ReadonlySet<string>): unknown {
  if (fold(key) === 'applicationkey' && typeof member === 'string') return keyHint(member);
  const scalar = member === null || member === undefined || typeof member === 'boolean';
  return secrets.has(fold(key)) && !scalar ? REDACTED : safeValue(member, depth + 1, secrets);
}

/** A URL or a form body with the values of secret parameters hidden. */
export function redactUrl(url: string): string {
  return safeUrl(url, SECRET_KEYS);
}

function safeUrl(url: string, secrets: ReadonlySet<string>): string {
  return url.replace(PAIR, (pair, before: string, key: string) => (secrets.has(fold(plain(key))) ? `${before}${key}=${REDACTED}` : pair));
}

/** Text of any kind: what looks like a URL, a form or JSON has its secret parameters and members hidden. */
export function redactText(text: string, names?: SecretNames): string {
  return safeText(text, foldedNames(names));
}

function safeText(text: string, secrets: ReadonlySet<string>): string {
  return safeUrl(text, secrets).replace(MEMBER, (member, key: string) => (secrets.has(fold(key)) ? `"${key}":"${REDACTED}"` : member));
}

function plain(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
