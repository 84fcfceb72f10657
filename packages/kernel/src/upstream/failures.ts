import { errors } from 'undici';
import { FairleadError, GatewayError } from '../errors/index.ts';

const slow = [errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError];

/** What undici throws as one of our codes. What the caller aborted stays the caller's reason. */
export function upstreamFailure(upstream: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof GatewayError || (signal?.aborted && error === signal.reason)) return error;
  const reason = reasonOf(error);
  const code = slow.some((kind) => error instanceof kind) ? 'FAIRLEAD_UPSTREAM_TIMEOUT' : 'FAIRLEAD_UPSTREAM_UNREACHABLE';
  return FairleadError(code, { upstream, reason }, { cause: error });
}

/** Codes of Node, OpenSSL and undici name the failure and no secret; texts may quote what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
