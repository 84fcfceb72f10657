import { sha1 } from './sha1.ts';

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
  const { applicationSecret, consumerKey, url, body = '', timestamp } = input;
  const head = `${applicationSecret}+${consumerKey}+${input.method.toUpperCase()}+${url}+`;
  if (typeof body === 'string') return `$1$${sha1(`${head}${body}+${timestamp}`)}`;
  return `$1$${sha1(head, body, `+${timestamp}`)}`;
}
