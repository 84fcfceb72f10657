import { CscpError } from '@fairlead/cscp';
import { CceError } from '../../errors.ts';

/**
 * What a caller is told of a failure on the way to cced: `CCE_BACKEND_TIMEOUT`, `CCE_BACKEND_UNREACHABLE`, or what it was when it has nothing to do with
 * the way. A caller who went away is told his own reason.
 */
export function backendFailure(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof CscpError)) return error;
  if (error.code === 'CSCP_TIMEOUT' || error.code === 'CSCP_BUSY') return CceError('CCE_BACKEND_TIMEOUT', {}, { cause: error });
  if (signal.aborted) return isTimeout(signal.reason) ? CceError('CCE_BACKEND_TIMEOUT', {}, { cause: error }) : signal.reason;
  return CceError('CCE_BACKEND_UNREACHABLE', { reason: error.message }, { cause: error });
}

/** The failure of CSCP behind what a caller was told by `backendFailure`; anything else stays as it is. */
export function cscpCause(error: unknown): unknown {
  const isOurs = CceError.is(error, 'CCE_BACKEND_UNREACHABLE') || CceError.is(error, 'CCE_BACKEND_TIMEOUT');
  return isOurs && error.cause instanceof CscpError ? error.cause : error;
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
