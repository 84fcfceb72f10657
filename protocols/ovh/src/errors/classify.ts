import { redactText } from '../codec/redact.ts';
import { ApiError, type ApiErrorDetail } from './api-error.ts';
import {
  BadParametersError,
  BusyError,
  ForbiddenError,
  GatewayTimeoutError,
  IamDeniedError,
  InvalidCredentialError,
  InvalidKeyError,
  InvalidResponseError,
  InvalidSignatureError,
  LockedError,
  NotCredentialError,
  NotGrantedCallError,
  NotImplementedError,
  PreconditionFailedError,
  QueryTimeOutError,
  RateLimitError,
  ResourceConflictError,
  ResourceExpiredError,
  ResourceNotFoundError,
  RouteNotFoundError,
  ServerError,
  ServerUnavailableError,
  UnauthenticatedError,
  UnexpectedRedirectError,
} from './refusals.ts';
import { retryAfterOf } from './retry-after.ts';

/** An answer with its body as text, and the call that it answers. */
export interface Answered {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly durationMs: number;
  /** Wall clock in ms: `Retry-After` may be a date. */
  readonly now: number;
  /** Names of members with secrets, besides those that are always hidden. */
  readonly secrets?: readonly string[] | undefined;
  /** What went out and must not come back in a message: some servers repeat what they refuse. */
  readonly sentSecrets?: readonly string[] | undefined;
}

type ErrorClass = new (message: string, text: string, detail: ApiErrorDetail) => ApiError;

interface Row {
  readonly status: number;
  readonly errorCode?: string;
  readonly class?: RegExp;
  readonly message?: RegExp;
  readonly make: ErrorClass;
}

/** Spec 5.2. Within one status: errorCode, then class, then message, then the status alone. */
const ROWS: readonly Row[] = [
  { status: 400, errorCode: 'INVALID_SIGNATURE', message: /^invalid signature\b/i, make: InvalidSignatureError },
  { status: 400, errorCode: 'QUERY_TIME_OUT', message: /^query out of time\b/i, make: QueryTimeOutError },
  { status: 400, make: BadParametersError },
  { status: 401, make: UnauthenticatedError },
  { status: 403, errorCode: 'NOT_GRANTED_CALL', message: /^this call has not been granted\b/i, make: NotGrantedCallError },
  { status: 403, errorCode: 'NOT_CREDENTIAL', message: /^this credential does not exist\b/i, make: NotCredentialError },
  { status: 403, errorCode: 'INVALID_CREDENTIAL', message: /^this credential is not valid\b/i, make: InvalidCredentialError },
  {
    status: 403,
    errorCode: 'INVALID_KEY',
    message: /^(this application key is invalid|invalid application key)\b/i,
    make: InvalidKeyError,
  },
  { status: 403, class: /::Busy$/, make: BusyError },
  { status: 403, message: /^user not granted for this request\b/i, make: IamDeniedError },
  { status: 403, make: ForbiddenError },
  { status: 404, message: /^got an invalid \(or empty\) url\b/i, make: RouteNotFoundError },
  { status: 404, make: ResourceNotFoundError },
  { status: 408, make: GatewayTimeoutError },
  { status: 409, make: ResourceConflictError },
  { status: 412, make: PreconditionFailedError },
  { status: 423, make: LockedError },
  { status: 429, make: RateLimitError },
  { status: 460, make: ResourceExpiredError },
  { status: 501, make: NotImplementedError },
  { status: 502, make: ServerUnavailableError },
  { status: 503, make: ServerUnavailableError },
  { status: 504, make: GatewayTimeoutError },
];

const SIGNATURE_HINT =
  ' The usual causes: the application secret is wrong; the consumer key belongs to another application; something between us and the API' +
  ' rewrites the URL or the body; a member of the body has another type than the API expects (a list where it wants a number).';
const BODY_KEPT = 64 * 1024;
const TEXT_KEPT = 4096;
/** Of names such as classes. */
const WORD_KEPT = 256;

/** The error for an answer that is no 2xx (spec 5.2). Never throws, whatever the body is. */
export function errorOf(answer: Answered): ApiError {
  const body = parsed(answer.bodyText);
  const members = isObject(body) ? body : {};
  const text = withoutSent(redactText(textOf(members, answer), answer.secrets), answer.sentSecrets);
  const detail = detailOf(answer, body, members);
  const make = classOf(detail, text);
  const hint = make === InvalidSignatureError ? SIGNATURE_HINT : '';
  return new make(sentence(detail, text) + hint, text, detail);
}

/** The error for a 2xx that is no JSON (spec 3.11). */
export function invalidResponse(answer: Answered): InvalidResponseError {
  const text = answer.bodyText.slice(0, TEXT_KEPT);
  const detail = detailOf({ ...answer, bodyText: text }, undefined, {});
  return new InvalidResponseError(sentence(detail, 'The body is no JSON'), text, detail);
}

function classOf(detail: ApiErrorDetail, text: string): ErrorClass {
  const { status } = detail;
  if (status >= 300 && status < 400) return UnexpectedRedirectError;
  const rows = ROWS.filter((row) => row.status === status);
  const found =
    rows.find((row) => row.errorCode !== undefined && row.errorCode === detail.errorCode) ??
    rows.find((row) => row.class?.test(detail.class ?? '') === true) ??
    (detail.missingActions.length > 0 && status === 403 ? { make: IamDeniedError } : undefined) ??
    rows.find((row) => row.message?.test(text) === true) ??
    rows.find((row) => row.errorCode === undefined && row.class === undefined && row.message === undefined);
  if (found !== undefined) return found.make;
  return status >= 500 && status < 600 ? ServerError : ApiError;
}

function detailOf(answer: Answered, body: unknown, members: Readonly<Record<string, unknown>>): ApiErrorDetail {
  const { status, headers, method, path, url, durationMs } = answer;
  const details = isObject(members.details) ? members.details : undefined;
  return {
    status,
    errorCode: wordOf(members.errorCode),
    httpCode: wordOf(members.httpCode),
    class: wordOf(members.class),
    details,
    missingActions: missingActionsOf(details),
    queryId: headers['x-ovh-queryid'],
    requestId: headers['x-iplb-request-id'],
    retryAfterMs: retryAfterOf(headers, answer.now),
    location: headers.location,
    method,
    path,
    url,
    headers,
    body,
    bodyText: answer.bodyText.slice(0, BODY_KEPT),
    durationMs,
  };
}

/** Both lists are comma-joined texts (spec 5.1); other shapes count as nothing. */
function missingActionsOf(details: Readonly<Record<string, unknown>> | undefined): string[] {
  if (details === undefined) return [];
  const lists = [details.unauthorizedActionsByAuthentication, details.unauthorizedActionsByIAM];
  const actions = lists.flatMap((list) => (Array.isArray(list) ? list : [list])).filter((list) => typeof list === 'string');
  const names = actions.flatMap((list) => list.split(',')).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Short ones are words of any text. */
function withoutSent(text: string, sent: readonly string[] = []): string {
  return sent.filter((secret) => secret.length >= 8).reduce((safe, secret) => safe.replaceAll(secret, '[redacted]'), text);
}

function textOf(members: Readonly<Record<string, unknown>>, answer: Answered): string {
  const message = textual(members.message);
  // Of whatever length it is: nobody waits until megabytes are looked through for secrets.
  return message?.slice(0, TEXT_KEPT) ?? answer.bodyText.slice(0, TEXT_KEPT).trim();
}

/** `OVHcloud API 403 Client::Forbidden: "…" (missing IAM permissions: a, b) [GET /x] (X-OVH-Query-Id: …)`. */
function sentence(detail: ApiErrorDetail, text: string): string {
  const kind = detail.class ?? detail.errorCode;
  const parts = [`OVHcloud API ${detail.status}${kind === undefined ? '' : ` ${kind}`}: ${JSON.stringify(text.slice(0, 1024))}`];
  if (detail.missingActions.length > 0) parts.push(`(missing IAM permissions: ${detail.missingActions.join(', ').slice(0, TEXT_KEPT)})`);
  parts.push(`[${detail.method} ${detail.path}]`);
  if (detail.queryId !== undefined) parts.push(`(X-OVH-Query-Id: ${detail.queryId})`);
  return parts.join(' ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wordOf(value: unknown): string | undefined {
  return textual(value)?.slice(0, WORD_KEPT);
}

function textual(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
