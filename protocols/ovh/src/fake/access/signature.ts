import { createHash, timingSafeEqual } from 'node:crypto';

/** What was signed, as the server received it. */
export interface SignedParts {
  readonly applicationSecret: string;
  readonly consumerKey: string;
  readonly method: string;
  /** `https://eu.api.ovh.com` */
  readonly origin: string;
  /** The target of the request line, untouched; one character is one byte. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly timestamp: string;
}

/** `$1$` and the hex SHA-1 of the parts joined by `+` (3.6). */
export function expectedSignature(parts: SignedParts): string {
  const hash = createHash('sha1');
  hash.update(`${parts.applicationSecret}+${parts.consumerKey}+${parts.method.toUpperCase()}+${parts.origin}`, 'utf8');
  hash.update(parts.target, 'latin1').update('+').update(parts.body).update(`+${parts.timestamp}`, 'utf8');
  return `$1$${hash.digest('hex')}`;
}

/** Compares in constant time. */
export function sameSignature(given: string, expected: string): boolean {
  const left = Buffer.from(given, 'utf8');
  const right = Buffer.from(expected, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
