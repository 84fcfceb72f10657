/**
 * What went wrong, as a stable word:
 * - `CLOUDSTACK_UNREACHABLE`: no connection, TLS refused, connection cut.
 * - `CLOUDSTACK_TIMEOUT`: no whole answer within the time of one call.
 * - `CLOUDSTACK_BAD_ANSWER`: HTML, no JSON, too large, or not the shape that was asked for.
 * - `CLOUDSTACK_UNAUTHORIZED`: the key pair or the session does not count any more.
 * - `CLOUDSTACK_LOGIN_FAILED`: `login` refused (wrong password, unknown domain, disabled user).
 * - `CLOUDSTACK_NOT_OFFERED`: this server does not offer the command to this caller.
 * - `CLOUDSTACK_REFUSED`: the server understood and said no; see `errorCode`.
 * - `CLOUDSTACK_JOB_FAILED`: the asynchronous job ended badly; see `errorCode`, `errorText`.
 * - `CLOUDSTACK_JOB_TIMEOUT`: the job was still pending at our deadline; it may still end.
 * - `CLOUDSTACK_RATE_LIMITED`: too many calls; see `retryAfterMs`.
 * - `CLOUDSTACK_REQUEST_TOO_LARGE`: our form is over the server's limit of 1 MiB; nothing was sent.
 * - `CLOUDSTACK_CLOSED`: the client was closed.
 */
export type CloudStackErrorCode =
  | 'CLOUDSTACK_UNREACHABLE'
  | 'CLOUDSTACK_TIMEOUT'
  | 'CLOUDSTACK_BAD_ANSWER'
  | 'CLOUDSTACK_UNAUTHORIZED'
  | 'CLOUDSTACK_LOGIN_FAILED'
  | 'CLOUDSTACK_NOT_OFFERED'
  | 'CLOUDSTACK_REFUSED'
  | 'CLOUDSTACK_JOB_FAILED'
  | 'CLOUDSTACK_JOB_TIMEOUT'
  | 'CLOUDSTACK_RATE_LIMITED'
  | 'CLOUDSTACK_REQUEST_TOO_LARGE'
  | 'CLOUDSTACK_CLOSED';

/** What is known beside the code. Texts come from the server with our secrets struck out. */
export interface CloudStackErrorDetail {
  readonly command: string;
  readonly httpStatus?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly csErrorCode?: number | undefined;
  readonly errorText?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly jobId?: string | undefined;
  readonly cause?: unknown;
}

/** The only error that this package throws, besides the reason of a signal that the caller aborted. */
export class CloudStackError extends Error {
  readonly code: CloudStackErrorCode;
  readonly command: string;
  /** HTTP status of the answer, where there was one. */
  readonly httpStatus: number | undefined;
  /** `errorcode` of the envelope or of the job: 401, 431, 530 … (ovirt spec 9.3). */
  readonly errorCode: number | undefined;
  /** `cserrorcode`: 4250 …, 9999; authentication errors have none. */
  readonly csErrorCode: number | undefined;
  /** The server's own words. May name internal numbers: not for the eyes of tenants. */
  readonly errorText: string | undefined;
  /** How long the server wants us to wait, in ms. */
  readonly retryAfterMs: number | undefined;
  readonly jobId: string | undefined;

  constructor(code: CloudStackErrorCode, message: string, detail: CloudStackErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'CloudStackError';
    this.code = code;
    this.command = detail.command;
    this.httpStatus = detail.httpStatus;
    this.errorCode = detail.errorCode;
    this.csErrorCode = detail.csErrorCode;
    this.errorText = detail.errorText;
    this.retryAfterMs = detail.retryAfterMs;
    this.jobId = detail.jobId;
  }
}
