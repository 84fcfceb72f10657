/**
 * What went wrong, as a stable word: `OVH_` and the name of the class (spec 4).
 * Answers of the API are in api-error.ts and refusals.ts; here are the errors of our own side.
 */
export type OvhErrorCode =
  /** Any other refusal of the API: status, class and text are those of its answer. */
  | 'OVH_API'
  /** 400: a parameter that the API does not take. */
  | 'OVH_BAD_PARAMETERS'
  /** One object of a batch could not be read; the others were. */
  | 'OVH_BATCH_ITEM'
  /** 403: another action runs on the object; try again later. */
  | 'OVH_BUSY'
  /** The client was closed. */
  | 'OVH_CLOSED'
  /** What was configured cannot be used; the text names the key, and the file and line where there is one. */
  | 'OVH_CONFIGURATION'
  /** 403 for a reason that has no code of its own. */
  | 'OVH_FORBIDDEN'
  /** 408 or 504: the API did not answer itself in time. */
  | 'OVH_GATEWAY_TIMEOUT'
  /** 403: IAM refuses; the missing actions are named. */
  | 'OVH_IAM_DENIED'
  /** The call itself is wrong (path, variable, query, body, header); nothing was sent. */
  | 'OVH_INVALID_CALL'
  /** 403: the consumer key is pending, refused or expired. */
  | 'OVH_INVALID_CREDENTIAL'
  /** 403: the application key is unknown or not active. */
  | 'OVH_INVALID_KEY'
  /** A success whose body is no JSON. */
  | 'OVH_INVALID_RESPONSE'
  /** 400: the signature was not the one that the API computed; check the application secret and the consumer key. */
  | 'OVH_INVALID_SIGNATURE'
  /** 423: the object is locked. */
  | 'OVH_LOCKED'
  /** An authenticated call without a consumer key; nothing was sent. */
  | 'OVH_MISSING_CONSUMER_KEY'
  /** No connection, name not resolved, TLS refused, or the connection was cut. */
  | 'OVH_NETWORK'
  /** 403: there is no such consumer key, or it belongs to another application. */
  | 'OVH_NOT_CREDENTIAL'
  /** 403: no access rule of the consumer key allows the call. */
  | 'OVH_NOT_GRANTED_CALL'
  /** 501: the API does not do this. */
  | 'OVH_NOT_IMPLEMENTED'
  /** The token endpoint refused, or gave no token. */
  | 'OVH_OAUTH2'
  /** A list does not end: a page or a cursor came again. */
  | 'OVH_PAGINATION'
  /** 412: the object is not as the call expects it. */
  | 'OVH_PRECONDITION_FAILED'
  /** 400: the timestamp was too far from the API's clock, even after ours was set again. */
  | 'OVH_QUERY_TIME_OUT'
  /** 429: too many calls; the answer may say when to come back. */
  | 'OVH_RATE_LIMIT'
  /** 409: the object is in a state that does not allow this. */
  | 'OVH_RESOURCE_CONFLICT'
  /** 460: the service is expired. */
  | 'OVH_RESOURCE_EXPIRED'
  /** 404: the object does not exist. */
  | 'OVH_RESOURCE_NOT_FOUND'
  /** 404: the API has no such route, or not at this endpoint. */
  | 'OVH_ROUTE_NOT_FOUND'
  /** A schema document, or a folder of them, cannot be used; the text says where and why. */
  | 'OVH_SCHEMA'
  /** 500, and every other 5xx that has no code of its own. */
  | 'OVH_SERVER'
  /** 502 or 503: the API cannot be reached behind its front. */
  | 'OVH_SERVER_UNAVAILABLE'
  /** A deadline of ours passed. */
  | 'OVH_TIMEOUT'
  /** The server's time could not be read, so that no call can be signed. */
  | 'OVH_TIME_SYNC'
  /** 401: nobody is logged in. */
  | 'OVH_UNAUTHENTICATED'
  /** 3xx: a call is never sent elsewhere, because its headers would go along. */
  | 'OVH_UNEXPECTED_REDIRECT'
  /** The endpoint is neither a known name nor a URL. */
  | 'OVH_UNKNOWN_ENDPOINT'
  /** What was waited for ended otherwise. */
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

/** A schema document, or a folder of them, cannot be used (spec 8.1). `document` is its name where it is one. */
export class SchemaError extends OvhError {
  override readonly name = 'SchemaError';
  readonly code = 'OVH_SCHEMA';
  readonly document: string | undefined;

  constructor(message: string, document?: string, cause?: unknown) {
    super(document === undefined ? message : `${document}: ${message}`, cause);
    this.document = document;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), document: this.document };
  }
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
