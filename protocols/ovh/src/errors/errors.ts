/**
 * What went wrong, as a stable word: `OVH_` and the name of the class (spec 4).
 * Answers of the API are in api-error.ts; here are the errors of our own side.
 */
export type OvhErrorCode =
  | 'OVH_API'
  | 'OVH_BAD_PARAMETERS'
  | 'OVH_BATCH_ITEM'
  | 'OVH_BUSY'
  | 'OVH_CLOSED'
  | 'OVH_CONFIGURATION'
  | 'OVH_FORBIDDEN'
  | 'OVH_GATEWAY_TIMEOUT'
  | 'OVH_IAM_DENIED'
  | 'OVH_INVALID_CALL'
  | 'OVH_INVALID_CREDENTIAL'
  | 'OVH_INVALID_KEY'
  | 'OVH_INVALID_RESPONSE'
  | 'OVH_INVALID_SIGNATURE'
  | 'OVH_LOCKED'
  | 'OVH_MISSING_CONSUMER_KEY'
  | 'OVH_NETWORK'
  | 'OVH_NOT_CREDENTIAL'
  | 'OVH_NOT_GRANTED_CALL'
  | 'OVH_NOT_IMPLEMENTED'
  | 'OVH_OAUTH2'
  | 'OVH_PAGINATION'
  | 'OVH_PRECONDITION_FAILED'
  | 'OVH_QUERY_TIME_OUT'
  | 'OVH_RATE_LIMIT'
  | 'OVH_RESOURCE_CONFLICT'
  | 'OVH_RESOURCE_EXPIRED'
  | 'OVH_RESOURCE_NOT_FOUND'
  | 'OVH_ROUTE_NOT_FOUND'
  | 'OVH_SERVER'
  | 'OVH_SERVER_UNAVAILABLE'
  | 'OVH_TIMEOUT'
  | 'OVH_TIME_SYNC'
  | 'OVH_UNAUTHENTICATED'
  | 'OVH_UNEXPECTED_REDIRECT'
  | 'OVH_UNKNOWN_ENDPOINT'
  | 'OVH_WAIT_FAILED';

/** Registered, so that two copies of this package in one program still know each other's errors. */
const BRAND = Symbol.for('@fairlead/ovh/error');

/** Everything that this package throws, besides the reason of a signal that the caller aborted. No text holds a secret. */
export abstract class OvhError extends Error {
  abstract readonly code: OvhErrorCode;
  /** How often the call was sent; 0 when nothing was sent. Set by the client when it gives up. */
  attempts = 0;

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** For logs: the stable code, the text, and nothing of the caller's data. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, message: this.message, attempts: this.attempts };
  }
}

/** True for every error of this package, of whichever copy of it. */
export function isOvhError(value: unknown): value is OvhError {
  return value instanceof Error && (value as { [BRAND]?: true })[BRAND] === true;
}

/** What was configured cannot be used; the text names the key, and the file and line where there is one. */
export class ConfigurationError extends OvhError {
  override readonly name: string = 'ConfigurationError';
  readonly code: OvhErrorCode = 'OVH_CONFIGURATION';
}

/** The endpoint is neither a known name nor a URL. */
export class UnknownEndpointError extends ConfigurationError {
  override readonly name = 'UnknownEndpointError';
  override readonly code = 'OVH_UNKNOWN_ENDPOINT';
}

/** The call itself is wrong (path, template variable, query, body, header); nothing was sent. */
export class InvalidCallError extends OvhError {
  override readonly name = 'InvalidCallError';
  readonly code = 'OVH_INVALID_CALL';
}

/** An authenticated call without a consumer key; nothing was sent (spec 3.6). */
export class MissingConsumerKeyError extends OvhError {
  override readonly name = 'MissingConsumerKeyError';
  readonly code = 'OVH_MISSING_CONSUMER_KEY';
}

/** The client was closed. */
export class ClosedError extends OvhError {
  override readonly name = 'ClosedError';
  readonly code = 'OVH_CLOSED';
}

/** No connection, name not resolved, TLS refused, connection cut. */
export class NetworkError extends OvhError {
  override readonly name = 'NetworkError';
  readonly code = 'OVH_NETWORK';
  /** False while it is certain that the server has not seen the request: then even a POST may be repeated. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, cause);
    this.sent = sent;
  }
}

/** Which wait was over: see the options `timeouts`. `wait` is that of the `waitFor…` functions. */
export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'total' | 'wait';

/** A deadline of ours passed. */
export class TimeoutError extends OvhError {
  override readonly name = 'TimeoutError';
  readonly code = 'OVH_TIMEOUT';
  readonly phase: TimeoutPhase;
  /** As in {@link NetworkError}. */
  readonly sent: boolean;

  constructor(message: string, detail: { readonly phase: TimeoutPhase; readonly sent: boolean; readonly cause?: unknown }) {
    super(message, detail.cause);
    this.phase = detail.phase;
    this.sent = detail.sent;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), phase: this.phase };
  }
}

/** The server's time could not be read, so that no call can be signed. */
export class TimeSyncError extends OvhError {
  override readonly name = 'TimeSyncError';
  readonly code = 'OVH_TIME_SYNC';
}

/** What the token endpoint said; `body` is cut and holds no token. */
export interface OAuth2ErrorDetail {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
  readonly body?: string | undefined;
  readonly cause?: unknown;
}

/** No access token: refused, not understood, or not reached (then `cause` says why). */
export class OAuth2Error extends OvhError {
  override readonly name = 'OAuth2Error';
  readonly code = 'OVH_OAUTH2';
  readonly status: number | undefined;
  /** `error` of RFC 6749 5.2, as `invalid_client`. */
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
  /** The beginning of the answer, at most 4 KiB. */
  readonly body: string | undefined;

  constructor(message: string, detail: OAuth2ErrorDetail) {
    super(message, detail.cause);
    this.status = detail.status;
    this.error = detail.error;
    this.errorDescription = detail.errorDescription;
    this.body = detail.body;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), status: this.status, error: this.error, errorDescription: this.errorDescription };
  }
}

/** Pages that do not end, or that are no lists. */
export class PaginationError extends OvhError {
  override readonly name = 'PaginationError';
  readonly code = 'OVH_PAGINATION';
}

/** What was waited for ended badly: a credential refused, a task cancelled, a resource in error. */
export class WaitFailedError extends OvhError {
  override readonly name = 'WaitFailedError';
  readonly code = 'OVH_WAIT_FAILED';
  /** The state in which it ended, in the API's words. */
  readonly state: string;

  constructor(message: string, state: string) {
    super(message);
    this.state = state;
  }
}
