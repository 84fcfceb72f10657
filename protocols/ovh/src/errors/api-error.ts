import { inspect } from 'node:util';
import { OvhError, type OvhErrorCode } from './errors.ts';

/** What an answer and its body say (spec 5.1); `path` and `url` have no secret values. */
export interface ApiErrorDetail {
  readonly status: number;
  readonly errorCode?: string | undefined;
  readonly httpCode?: string | undefined;
  readonly class?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly missingActions: readonly string[];
  readonly queryId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly location?: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly bodyText: string;
  readonly durationMs: number;
}

/**
 * The API answered, and not with 2xx. The message holds status, class, text, missing IAM permissions, call and query id;
 * `text` is the API's sentence alone.
 */
export class ApiError extends OvhError {
  override readonly name: string = 'ApiError';
  readonly code: OvhErrorCode = 'OVH_API';
  readonly status: number;
  /** `errorCode` of the legacy body, as `NOT_GRANTED_CALL`. */
  readonly errorCode: string | undefined;
  /** `httpCode` of the legacy body, as `403 Forbidden`. */
  readonly httpCode: string | undefined;
  /** `class` of the current body, as `Client::Forbidden::Busy`. */
  readonly class: string | undefined;
  /** The API's own words, or the beginning of a body that is no JSON. */
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** IAM actions that the caller lacks, as `vps:apiovh:reboot`. */
  readonly missingActions: readonly string[];
  /** What OVHcloud's support asks for. */
  readonly queryId: string | undefined;
  /** The load balancer's id. */
  readonly requestId: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly durationMs: number;
  readonly #answer: Pick<ApiErrorDetail, 'headers' | 'body' | 'bodyText'>;

  constructor(message: string, text: string, detail: ApiErrorDetail) {
    super(message);
    this.text = text;
    this.status = detail.status;
    this.errorCode = detail.errorCode;
    this.httpCode = detail.httpCode;
    this.class = detail.class;
    this.details = detail.details;
    this.missingActions = detail.missingActions;
    this.queryId = detail.queryId;
    this.requestId = detail.requestId;
    this.method = detail.method;
    this.path = detail.path;
    this.url = detail.url;
    this.durationMs = detail.durationMs;
    this.#answer = { headers: detail.headers, body: detail.body, bodyText: detail.bodyText };
  }

  /** Headers of the answer, names in lower case. Not in logs. */
  get headers(): Readonly<Record<string, string>> {
    return this.#answer.headers;
  }

  /** The body as JSON, or `undefined` where it is none. Not in logs: it may repeat what was sent. */
  get body(): unknown {
    return this.#answer.body;
  }

  /** The body as text, at most 64 KiB. Not in logs. */
  get bodyText(): string {
    return this.#answer.bodyText;
  }

  override toJSON(): Record<string, unknown> {
    const { status, errorCode, class: kind, text, missingActions, queryId, requestId, method, path, durationMs } = this;
    return { ...super.toJSON(), status, errorCode, class: kind, text, missingActions, queryId, requestId, method, path, durationMs };
  }

  [inspect.custom](): string {
    return `${this.stack ?? this.message}\n${inspect(this.toJSON())}`;
  }
}

/** True for every answer of the API that was no success. */
export function isApiError(value: unknown): value is ApiError {
  return value instanceof ApiError;
}

/** 400: a parameter that the API does not take. */
export class BadParametersError extends ApiError {
  override readonly name: string = 'BadParametersError';
  override readonly code: OvhErrorCode = 'OVH_BAD_PARAMETERS';
}

/** 400: the signature was not the one that the API computed; the message lists the usual causes. */
export class InvalidSignatureError extends BadParametersError {
  override readonly name = 'InvalidSignatureError';
  override readonly code = 'OVH_INVALID_SIGNATURE';
}

/** 400: the timestamp was too far from the API's clock, even after our clock was set again. */
export class QueryTimeOutError extends BadParametersError {
  override readonly name = 'QueryTimeOutError';
  override readonly code = 'OVH_QUERY_TIME_OUT';
}

/** 401: nobody is logged in. */
export class UnauthenticatedError extends ApiError {
  override readonly name = 'UnauthenticatedError';
  override readonly code = 'OVH_UNAUTHENTICATED';
}

/** 403. */
export class ForbiddenError extends ApiError {
  override readonly name: string = 'ForbiddenError';
  override readonly code: OvhErrorCode = 'OVH_FORBIDDEN';
}

/** 403: no access rule of the consumer key allows the call; `client.credentials.explainDenied` says which is missing. */
export class NotGrantedCallError extends ForbiddenError {
  override readonly name = 'NotGrantedCallError';
  override readonly code = 'OVH_NOT_GRANTED_CALL';
}

/** 403: there is no such consumer key, or it belongs to another application. */
export class NotCredentialError extends ForbiddenError {
  override readonly name = 'NotCredentialError';
  override readonly code = 'OVH_NOT_CREDENTIAL';
}

/** 403: the consumer key is pending, refused or expired. */
export class InvalidCredentialError extends ForbiddenError {
  override readonly name = 'InvalidCredentialError';
  override readonly code = 'OVH_INVALID_CREDENTIAL';
}

/** 403: the application key is unknown or not active. */
export class InvalidKeyError extends ForbiddenError {
  override readonly name = 'InvalidKeyError';
  override readonly code = 'OVH_INVALID_KEY';
}

/** 403: IAM refuses; `missingActions` names what is needed. */
export class IamDeniedError extends ForbiddenError {
  override readonly name = 'IamDeniedError';
  override readonly code = 'OVH_IAM_DENIED';
}

/** 403 of a class that ends in `::Busy`: another action runs on the object. */
export class BusyError extends ForbiddenError {
  override readonly name = 'BusyError';
  override readonly code = 'OVH_BUSY';
}

/** 404: the object does not exist. */
export class ResourceNotFoundError extends ApiError {
  override readonly name: string = 'ResourceNotFoundError';
  override readonly code: OvhErrorCode = 'OVH_RESOURCE_NOT_FOUND';
}

/** 404: the API has no such route, or not at this endpoint. */
export class RouteNotFoundError extends ResourceNotFoundError {
  override readonly name = 'RouteNotFoundError';
  override readonly code = 'OVH_ROUTE_NOT_FOUND';
}

/** 408 and 504. */
export class GatewayTimeoutError extends ApiError {
  override readonly name = 'GatewayTimeoutError';
  override readonly code = 'OVH_GATEWAY_TIMEOUT';
}

/** 409. */
export class ResourceConflictError extends ApiError {
  override readonly name = 'ResourceConflictError';
  override readonly code = 'OVH_RESOURCE_CONFLICT';
}

/** 412. */
export class PreconditionFailedError extends ApiError {
  override readonly name = 'PreconditionFailedError';
  override readonly code = 'OVH_PRECONDITION_FAILED';
}

/** 423. */
export class LockedError extends ApiError {
  override readonly name = 'LockedError';
  override readonly code = 'OVH_LOCKED';
}

/** 429. */
export class RateLimitError extends ApiError {
  override readonly name = 'RateLimitError';
  override readonly code = 'OVH_RATE_LIMIT';
  /** How long the API wants us to wait, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, text: string, detail: ApiErrorDetail) {
    super(message, text, detail);
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** 460: the service is expired. */
export class ResourceExpiredError extends ApiError {
  override readonly name = 'ResourceExpiredError';
  override readonly code = 'OVH_RESOURCE_EXPIRED';
}

/** 500 and every other 5xx that has no class of its own. */
export class ServerError extends ApiError {
  override readonly name: string = 'ServerError';
  override readonly code: OvhErrorCode = 'OVH_SERVER';
}

/** 501. */
export class NotImplementedError extends ServerError {
  override readonly name = 'NotImplementedError';
  override readonly code = 'OVH_NOT_IMPLEMENTED';
}

/** 502 and 503. */
export class ServerUnavailableError extends ServerError {
  override readonly name = 'ServerUnavailableError';
  override readonly code = 'OVH_SERVER_UNAVAILABLE';
}

/** 3xx: a call of the API is never sent elsewhere, because its headers would go along. */
export class UnexpectedRedirectError extends ApiError {
  override readonly name = 'UnexpectedRedirectError';
  override readonly code = 'OVH_UNEXPECTED_REDIRECT';
  readonly location: string | undefined;

  constructor(message: string, text: string, detail: ApiErrorDetail) {
    super(message, text, detail);
    this.location = detail.location;
  }
}

/** 2xx whose body is no JSON; `bodyText` has its first 4 KiB. */
export class InvalidResponseError extends ApiError {
  override readonly name = 'InvalidResponseError';
  override readonly code = 'OVH_INVALID_RESPONSE';
}
