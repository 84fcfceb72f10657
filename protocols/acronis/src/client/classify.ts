import { GatewayError } from '@fairlead/kernel/errors';
import { isObject, type JsonObject } from '../codec/read.ts';
import type { Failure } from './outcome.ts';
import { decodeBody } from './wire.ts';

/** What one attempt gave: an answer that was read whole, or an error. */
export type Outcome =
  | {
      readonly status: number;
      readonly contentType: string;
      /** Seconds, when the answer names them. */
      readonly retryAfterS: number | undefined;
      readonly body: Buffer;
    }
  | { readonly error: unknown };

/** What a call expects, as far as the reading of its answer depends on it. */
export interface Expectation {
  /** `nothing`: any 2xx is a success, 204 most of the time. */
  readonly expects: 'json' | 'nothing';
  /** The path names one thing, whose absence is a 404. */
  readonly item?: boolean;
}

export type Verdict = { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly failure: Failure };

/** The one place that says what became of an attempt (CyberApp 4.11). */
export function classify(outcome: Outcome, { expects, item = false }: Expectation): Verdict {
  if ('error' in outcome) return failed(classifyError(outcome.error));
  const { status, body, retryAfterS } = outcome;
  if (status >= 200 && status <= 299) return expects === 'json' ? readAnswer(outcome) : readNothing(outcome);
  const known = { status, reason: saidIn(body) };
  if (status < 400) return failed({ ...known, kind: 'protocol', reason: `status ${status} instead of an answer` });
  const told = retryAfterS === undefined ? {} : { retryAfterS };
  if (status === 429 || (status === 503 && retryAfterS !== undefined)) return failed({ ...known, ...told, kind: 'throttled' });
  if (status >= 500 || status === 408) return failed({ ...known, kind: 'server' });
  if (status === 404 && item) return failed({ ...known, kind: 'gone' });
  return failed({ ...known, kind: CLIENT_KINDS.get(status) ?? 'refused' });
}

const CLIENT_KINDS = new Map<number, Failure['kind']>([
  [401, 'token'],
  [403, 'forbidden'],
  [413, 'too_large'],
]);

function failed(failure: Failure): Verdict {
  return { ok: false, failure };
}

function readAnswer({ status, body }: Exclude<Outcome, { error: unknown }>): Verdict {
  try {
    const value = decodeBody(body.toString('utf8'));
    if (isObject(value)) return { ok: true, value };
    return failed({ kind: 'protocol', status, reason: 'JSON, but no object' });
  } catch {
    return failed({ kind: 'protocol', status, reason: body.length === 0 ? 'an empty body' : 'no JSON' });
  }
}

/** A page of a proxy is no success, whatever its status. */
function readNothing(outcome: Exclude<Outcome, { error: unknown }>): Verdict {
  if (outcome.body.length === 0) return { ok: true, value: {} };
  if (/html/i.test(outcome.contentType)) return failed({ kind: 'protocol', status: outcome.status, reason: 'a page instead of nothing' });
  return readAnswer(outcome);
}

/** Codes of failures before the first byte of a request was sent. What is not listed may have been sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_UNSUPPORTED_PROTOCOL|ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ERR_SSL_\w*HANDSHAKE_FAILURE)$/;

function classifyError(error: unknown): Failure {
  if (!(error instanceof GatewayError)) return { kind: 'ambiguous', reason: nameOf(error) };
  const reason = String(error.detail.reason ?? error.code);
  if (error.code === 'FAIRLEAD_UPSTREAM_ANSWER') return { kind: 'protocol', reason };
  return { kind: BEFORE_SENDING.test(reason) || inHandshake(error.cause) ? 'unreachable' : 'ambiguous', reason };
}

/** Node has no code for a connection that ends while TLS is agreed upon. */
function inHandshake(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('before secure TLS connection was established');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

const MAX_SAID = 500;

/** The beginning of what Acronis said, in one line; without what a proxy may quote of our headers. */
function saidIn(body: Buffer): string {
  const text = body.subarray(0, 4 * MAX_SAID).toString('utf8');
  const plain = text.replace(/[\p{Cc}\s]+/gu, ' ').replace(/\b(bearer|basic) [\w.~+/=-]+/gi, '$1 [secret]');
  return plain.trim().slice(0, MAX_SAID) || 'no text';
}
