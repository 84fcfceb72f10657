import { createHmac } from 'node:crypto';

/** Wire pairs in the order they are sent. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

/**
 * Encodes a value as Java's `URLEncoder` does, with `%20` for a space: only `A-Z a-z 0-9 . - * _` stay as they are.
 * `encodeURIComponent` leaves `! ' ( ) ~` alone, which the server does not.
 */
export function encodeValue(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The text that is signed: names sorted as sent (by code unit, upper case first), names raw, values encoded, all of it lower-cased.
 * `signature` itself is left out.
 */
export function stringToSign(pairs: Pairs): string {
  return pairs
    .filter(([name]) => name.toLowerCase() !== 'signature')
    .toSorted(([a], [b]) => compareCodeUnits(a, b))
    .map(([name, value]) => `${name}=${encodeValue(value)}`)
    .join('&')
    .toLowerCase();
}

/** Base64 of HMAC-SHA1 over `stringToSign`. Not yet encoded for a URL or a form. */
export function sign(pairs: Pairs, secretKey: string): string {
  return createHmac('sha1', secretKey).update(stringToSign(pairs), 'utf8').digest('base64');
}

/**
 * `yyyy-MM-dd'T'HH:mm:ss+0000`. Never with milliseconds: the server answers 401 to them.
 * @param nowMs Unix time in ms
 */
export function formatExpires(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d+Z$/, '+0000');
}

/** One signed `application/x-www-form-urlencoded` body, with `signatureversion=3`. */
export function signedForm(pairs: Pairs, keys: { readonly apiKey: string; readonly secretKey: string }, expiresMs: number): string {
  // All our own names are lower-case, so servers that sort by the name as sent and those that lower it first agree.
  const all: Pairs = [
    ...pairs,
    ['response', 'json'],
    ['apikey', keys.apiKey],
    ['signatureversion', '3'],
    ['expires', formatExpires(expiresMs)],
  ];
  return encodeForm([...all, ['signature', sign(all, keys.secretKey)]]);
}

/** A form body; names are encoded too, the server decodes them before it verifies. */
export function encodeForm(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`).join('&');
}

function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
