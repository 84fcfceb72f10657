import { type ErrorDetail, GatewayError } from '@fairlead/kernel/errors';
import { AcronisError } from '../errors.ts';

/** What became of a call that did not succeed (CyberApp 4.11). */
export type AcronisClass =
  | 'unreachable'
  | 'ambiguous'
  | 'token'
  | 'forbidden'
  | 'gone'
  | 'refused'
  | 'too_large'
  | 'throttled'
  | 'server'
  | 'protocol';

const CODES = {
  unreachable: 'ACRONIS_UNREACHABLE',
  ambiguous: 'ACRONIS_AMBIGUOUS',
  token: 'ACRONIS_TOKEN_REFUSED',
  forbidden: 'ACRONIS_FORBIDDEN',
  gone: 'ACRONIS_GONE',
  refused: 'ACRONIS_REFUSED',
  too_large: 'ACRONIS_TOO_LARGE',
  throttled: 'ACRONIS_THROTTLED',
  server: 'ACRONIS_SERVER',
  protocol: 'ACRONIS_PROTOCOL',
} as const;

const CLASSES = new Map<string, AcronisClass>(Object.entries(CODES).map(([name, code]) => [code, name as AcronisClass]));

/** The class of an error of this package's client; undefined for any other error. */
export function acronisClass(error: unknown): AcronisClass | undefined {
  return error instanceof GatewayError ? CLASSES.get(error.code) : undefined;
}

/** Whether a creation that ended with this error may have been carried out: look it up before it is sent again. */
export function mayHaveHappened(error: unknown): boolean {
  const found = acronisClass(error);
  return found === 'ambiguous' || found === 'server' || found === 'protocol';
}

/** What is known of a failure; becomes the error that is thrown. */
export interface Failure {
  readonly kind: AcronisClass;
  /** Holds no secret: at most what Acronis said. */
  readonly reason: string;
  readonly status?: number;
  readonly retryAfterS?: number;
}

/** The error for a failure. No cause: what lies beneath may hold what was sent. */
export function failureError(failure: Failure, dc: string, call: string): GatewayError {
  const { kind, reason, status, retryAfterS } = failure;
  const detail: ErrorDetail = { dc, call, reason, ...(status === undefined ? {} : { status }) };
  return AcronisError(CODES[kind], detail, retryAfterS === undefined ? {} : { retryAfterS });
}

/** A server that quotes what it was sent does not get our secrets into errors. */
export function withoutSecrets(failure: Failure, secrets: readonly string[]): Failure {
  const reason = secrets.filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '[secret]'), failure.reason);
  return { ...failure, reason };
}
