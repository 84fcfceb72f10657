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

function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(fold(key));
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

/** A copy of a parsed body that may be logged; keys of secrets count at any depth and in any spelling. */
export function redactBody(body: unknown): unknown {
  return safeValue(body, 0);
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => safeValue(item, depth + 1));
  if (value instanceof Date) return value;
  const entries = value instanceof Map ? [...value].map(([key, member]) => [String(key), member] as const) : Object.entries(value);
  return Object.fromEntries(entries.map(([key, member]) => [key, safeMember(key, member, depth)]));
}

function safeMember(key: string, member: unknown, depth: number): unknown {
  if (fold(key) === 'applicationkey' && typeof member === 'string') return keyHint(member);
  const scalar = member === null || member === undefined || typeof member === 'boolean';
  return isSecretKey(key) && !scalar ? REDACTED : safeValue(member, depth + 1);
}

/** A URL or a form body with the values of secret parameters hidden. */
export function redactUrl(url: string): string {
  return url.replace(PAIR, (pair, before: string, key: string) => (isSecretKey(plain(key)) ? `${before}${key}=${REDACTED}` : pair));
}

/** Text of any kind: what looks like a URL, a form or JSON has its secret parameters and members hidden. */
export function redactText(text: string): string {
  return redactUrl(text).replace(MEMBER, (member, key: string) => (isSecretKey(key) ? `"${key}":"${REDACTED}"` : member));
}

function plain(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
