import { createHash } from 'node:crypto';

/** Everything that is under the signature (spec 3.6). */
export interface SignatureInput {
  readonly applicationSecret: string;
  readonly consumerKey: string;
  readonly method: string;
  /** The full URL exactly as it is sent. */
  readonly url: string;
  /** The body exactly as it is sent. */
  readonly body?: string | Uint8Array | undefined;
  /** Seconds since 1970 on the server's clock. */
  readonly timestamp: number | string;
}

/** The value of X-Ovh-Signature. Pure: a vector can be checked without any client. */
export function sign(input: SignatureInput): string {
  const hash = createHash('sha1');
  hash.update(`${input.applicationSecret}+${input.consumerKey}+${input.method.toUpperCase()}+${input.url}+`);
  if (input.body !== undefined) hash.update(input.body);
  hash.update(`+${input.timestamp}`);
  return `$1$${hash.digest('hex')}`;
}
