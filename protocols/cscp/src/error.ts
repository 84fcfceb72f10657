/** Why a CSCP operation failed. What a server refuses is no error: that is the end code of its reply. */
export type CscpErrorCode =
  /** Nobody listens at that path, or the socket could not be opened. */
  | 'CSCP_UNREACHABLE'
  /** The deadline passed; the connection is given up. */
  | 'CSCP_TIMEOUT'
  /** The caller's signal. */
  | 'CSCP_ABORTED'
  /** The peer ended the connection, or its owner did. `sent` tells whether the command had been given to the socket. */
  | 'CSCP_CLOSED'
  /** The peer said something that is no CSCP, or said it at the wrong place; the connection is given up. */
  | 'CSCP_PROTOCOL'
  /** The server is there but does not serve: 400, 999, or all its connections are taken. */
  | 'CSCP_NOT_READY'
  /** A key, class, namespace, OID or sort type that a command must not bear: nothing was sent. */
  | 'CSCP_BAD_NAME'
  /** A value with a NUL, which CSCP cannot carry: nothing was sent. */
  | 'CSCP_BAD_VALUE'
  /** A command or a reply beyond its limit. */
  | 'CSCP_TOO_LARGE'
  /** The server will not do what was asked, or not any longer; only `watch` tells this as an error. */
  | 'CSCP_REFUSED'
  /** Every connection of the pool was busy until the deadline. */
  | 'CSCP_BUSY';

/** The part of a command that a `CSCP_BAD_NAME` is about. */
export type NamePart = 'action' | 'class' | 'key' | 'namespace' | 'oid' | 'qualified key' | 'sort type';

interface Details {
  readonly cause?: unknown;
  readonly sent?: boolean;
  readonly part?: NamePart;
  readonly name?: string;
}

/** The one error class of this package. */
export class CscpError extends Error {
  readonly code: CscpErrorCode;
  /** Whether a byte of the command may have reached the server. When false, another attempt can do no harm. */
  readonly sent: boolean;
  /** For `CSCP_BAD_NAME`: what was wrong, and its text. */
  readonly part?: NamePart;
  readonly badName?: string;

  constructor(code: CscpErrorCode, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CscpError';
    this.code = code;
    this.sent = details.sent ?? false;
    if (details.part !== undefined) this.part = details.part;
    if (details.name !== undefined) this.badName = details.name;
  }
}

/** The peer broke the protocol. */
export function protocolError(message: string): CscpError {
  return new CscpError('CSCP_PROTOCOL', message, { sent: true });
}

/** The caller's signal fired; `sent`: a command was on its way. */
export function abortedError(signal: AbortSignal | undefined, sent: boolean): CscpError {
  return new CscpError('CSCP_ABORTED', 'aborted by the caller', { cause: signal?.reason, sent });
}

/** Nothing can be sent over a connection that has failed. */
export function unusableError(cause: CscpError): CscpError {
  return new CscpError('CSCP_CLOSED', `the connection is not usable: ${cause.message}`, { cause, sent: false });
}
