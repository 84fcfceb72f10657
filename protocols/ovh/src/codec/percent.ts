import { InvalidCallError } from '../errors/errors.ts';

const KEPT_BY_THE_LANGUAGE = /[!'()*]/g;

/**
 * RFC 3986 2.1 and 2.3: only unreserved characters stay; everything else is UTF-8 as `%XX`.
 * @throws InvalidCallError for half a surrogate pair, naming `what`
 */
export function percentEncode(text: string, what: string): string {
  if (!text.isWellFormed()) throw new InvalidCallError(`the value of ${what} has half a surrogate pair`);
  return encodeURIComponent(text).replace(KEPT_BY_THE_LANGUAGE, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
