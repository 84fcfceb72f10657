import { announceApplication, bearRequest, signRequest } from '../auth/authorise.ts';
import type { BuiltRequest } from '../codec/call.ts';
import type { Authentication } from '../config/settings.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { ApiError } from '../errors/api-error.ts';
import type { ServerClock } from './server-clock.ts';
import type { TokenSource } from './token-source.ts';

/** What one attempt is authenticated with. */
export interface Grant {
  apply(request: BuiltRequest): BuiltRequest;
  /** Whether the error says that this grant was bad and another one can be had: the reason in one word. */
  mend(error: unknown): string | undefined;
}

export interface AuthorizerParts {
  readonly serverClock: ServerClock;
  readonly tokens: TokenSource | undefined;
  readonly endpoint: Endpoint;
}

/** Gets what the next attempt needs. Throws MissingConsumerKeyError before anything is sent. */
export async function grantFor(auth: Authentication, request: BuiltRequest, parts: AuthorizerParts, signal: AbortSignal): Promise<Grant> {
  if (auth.method === 'application') return signing(auth, request, parts, signal);
  if (parts.tokens !== undefined) return bearing(parts.tokens, signal);
  return unsigned(auth);
}

/** For calls with `auth: false`. */
export function unsigned(auth: Authentication): Grant {
  return { apply: (request) => announceApplication(request, auth), mend: () => undefined };
}

async function signing(
  auth: Extract<Authentication, { method: 'application' }>,
  request: BuiltRequest,
  { serverClock, endpoint }: AuthorizerParts,
  signal: AbortSignal,
): Promise<Grant> {
  // Without a consumer key this throws, and the time need not be asked for.
  if (auth.consumerKey === undefined) signRequest(request, auth, 0, endpoint);
  const deltaMs = await serverClock.delta(signal);
  return {
    apply: (built) => signRequest(built, auth, serverClock.timestamp(deltaMs), endpoint),
    mend: (error) => {
      if (!serverClock.adjustable || !(error instanceof ApiError) || error.code !== 'OVH_QUERY_TIME_OUT') return undefined;
      serverClock.reject(deltaMs);
      return 'clock';
    },
  };
}

async function bearing(tokens: TokenSource, signal: AbortSignal): Promise<Grant> {
  const token = await tokens.token(signal);
  return {
    apply: (request) => bearRequest(request, token),
    mend: (error) => (isTokenRefused(error) && tokens.reject(token) ? 'token' : undefined),
  };
}

/** 401, or a 403 that says so in words (spec 3.8). */
function isTokenRefused(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 401) return true;
  return (
    error.status === 403 && /token\b.{0,40}\b(?:invalid|expired|revoked|not valid)|(?:invalid|expired)\b.{0,20}\btoken/i.test(error.text)
  );
}
