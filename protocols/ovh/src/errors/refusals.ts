import { ApiError, type ApiErrorDetail } from './api-error.ts';
import type { OvhErrorCode } from './errors.ts';

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
