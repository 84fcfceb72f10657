/**
 * Why an NBD operation failed. Only `NBD_REPLY`, `NBD_READ_ONLY`, `NBD_OUT_OF_RANGE`, `NBD_SHORT_BODY`, `NBD_LONG_BODY`
 * and (usually) `NBD_ABORTED` leave the connection usable; `client.closed` tells.
 */
export type NbdErrorCode =
  /** Nobody listens there, or the socket could not be opened. */
  | 'NBD_CONNECT'
  /** The peer is no NBD server that we can talk to, or it ended the negotiation. */
  | 'NBD_HANDSHAKE'
  /** The server wants TLS, which host-local sockets do not use. */
  | 'NBD_TLS_REQUIRED'
  /** The server has no export of that name. */
  | 'NBD_EXPORT_UNKNOWN'
  /** The dirty bitmap asked for is not offered. */
  | 'NBD_BITMAP_UNKNOWN'
  /** Any bitmap was asked for and several are offered. */
  | 'NBD_BITMAP_AMBIGUOUS'
  /** The connection ended under running operations. */
  | 'NBD_CONNECTION_LOST'
  /** No progress within the deadline; the connection is given up. */
  | 'NBD_TIMEOUT'
  /** The server broke the protocol; the connection is given up. */
  | 'NBD_PROTOCOL'
  /** The server answered with an error; see `errno`. */
  | 'NBD_REPLY'
  /** Offset or length do not fit the export. */
  | 'NBD_OUT_OF_RANGE'
  /** The export is read-only. */
  | 'NBD_READ_ONLY'
  /** The source of a write ended early; what came before is written. */
  | 'NBD_SHORT_BODY'
  /** The source of a write gave more than the length; the length is written. */
  | 'NBD_LONG_BODY'
  /** The caller's signal. */
  | 'NBD_ABORTED'
  /** The client was closed or destroyed by its owner. */
  | 'NBD_CLOSED';

/** The one error class of this package. */
export class NbdError extends Error {
  readonly code: NbdErrorCode;
  /** For `NBD_REPLY`: the wire's error number, which equals Linux' (28 is ENOSPC). */
  readonly errno?: number;
  /** For `NBD_SHORT_BODY` and failed `writeFrom`s: bytes the server acknowledged. */
  readonly written?: number;

  constructor(code: NbdErrorCode, message: string, details: { cause?: unknown; errno?: number; written?: number } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'NbdError';
    this.code = code;
    if (details.errno !== undefined) this.errno = details.errno;
    if (details.written !== undefined) this.written = details.written;
  }
}

/** The peer broke the protocol. */
export function protocolError(message: string): NbdError {
  return new NbdError('NBD_PROTOCOL', message);
}

/** The caller's signal fired. */
export function abortedError(signal: AbortSignal): NbdError {
  return new NbdError('NBD_ABORTED', 'aborted by the caller', { cause: signal.reason });
}
