import type { Clock } from '@fairlead/kernel/clock';
import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { belongsTo } from '../codec/cti.ts';
import { isObject } from '../codec/read.ts';
import { TOKEN_ISSUERS, type TokenIssuer } from './issuers.ts';
import { type FetchKeys, KeyCache } from './key-cache.ts';

/** What a verified request token says. Which endpoint it is for is only known with the body: see `tokenFits`. */
export interface RequestToken {
  readonly issuer: string;
  /** `scope[].role`: endpoints it was issued for. */
  readonly roles: readonly string[];
  readonly subject: string | undefined;
  readonly id: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Why a token is no proof: for the audit, never for the answer. */
export type TokenProblem =
  | 'missing'
  | 'scheme'
  | 'too_long'
  | 'malformed'
  | 'algorithm'
  | 'issuer'
  | 'key'
  | 'signature'
  | 'expired'
  | 'issued_later'
  | 'audience';

export type TokenVerdict =
  | { readonly ok: true; readonly token: RequestToken }
  | { readonly ok: false; readonly problem: TokenProblem }
  /** No keys can be had: a 503, because the caller may be who it says. */
  | { readonly ok: false; readonly problem: 'keys_unavailable'; readonly retryAfterS: number };

export interface TokenVerifierOptions {
  readonly fetchKeys: FetchKeys;
  readonly clock: Clock;
  /** Instead of the two of Acronis: for the fake. */
  readonly issuers?: readonly TokenIssuer[] | undefined;
}

const MAX_TOKEN = 8192;
const LEEWAY_S = 60;
/** A token may be issued so much after our clock. */
const AHEAD_S = 300;
const RETRY_S = 5;
const SHAPE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** Verifies `Authorization` of callbacks (CyberApp 2.4). */
export class TokenVerifier implements Disposable {
  readonly #clock: Clock;
  readonly #rows: ReadonlyMap<string, { readonly row: TokenIssuer; readonly keys: KeyCache }>;
  readonly #closing = new AbortController();

  constructor({ fetchKeys, clock, issuers = TOKEN_ISSUERS }: TokenVerifierOptions) {
    this.#clock = clock;
    const cache = { fetchKeys, clock, signal: this.#closing.signal };
    this.#rows = new Map(issuers.map((row) => [row.issuer, { row, keys: new KeyCache(row.keysUrl, cache) }]));
  }

  /** Everything that needs no body: form, algorithm, issuer, signature, times, audience. */
  async verify(authorization: string | undefined): Promise<TokenVerdict> {
    const taken = bearerOf(authorization);
    if (!('token' in taken)) return no(taken.problem);
    const claim = claimOf(taken.token);
    if (!('kid' in claim)) return no(claim.problem);
    const known = this.#rows.get(claim.issuer);
    if (known === undefined) return no('issuer');
    const found = await known.keys.find(claim.kid);
    if (found === 'unavailable') return { ok: false, problem: 'keys_unavailable', retryAfterS: RETRY_S };
    if (found === 'unknown') return no('key');
    return this.#verified(taken.token, found.key, known.row);
  }

  /** Fetches the keys of every issuer; true when those of one at least are known. */
  async warm(): Promise<boolean> {
    const warmed = await Promise.all([...this.#rows.values()].map(({ keys }) => keys.warm()));
    return warmed.some(Boolean);
  }

  /** Age in ms of the youngest keys; undefined while none are known. */
  get keyAgeMs(): number | undefined {
    const ages = [...this.#rows.values()].flatMap(({ keys }) => keys.ageMs ?? []);
    return ages.length === 0 ? undefined : Math.min(...ages);
  }

  /** Ends fetches that are under way. */
  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #verified(token: string, key: CryptoKey, row: TokenIssuer): Promise<TokenVerdict> {
    const now = this.#clock.now();
    let payload: JWTPayload;
    try {
      const options = {
        algorithms: ['RS256'],
        issuer: row.issuer,
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_S,
        currentDate: new Date(now),
      };
      payload = (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      return no(problemOf(error));
    }
    if (payload.iat !== undefined && payload.iat > now / 1000 + AHEAD_S) return no('issued_later');
    if (!audienceFits(payload.aud, row)) return no('audience');
    return { ok: true, token: tokenOf(payload, row.issuer) };
  }
}

/** Whether a token was issued for the endpoint that a body names, and that endpoint is one of the app (CyberApp 2.4 `scope[]`). */
export function tokenFits(token: RequestToken, endpointId: string, app: string): boolean {
  return token.roles.includes(endpointId) && belongsTo(endpointId, app);
}

type Problem = { readonly problem: TokenProblem };

function bearerOf(authorization: string | undefined): Problem | { readonly token: string } {
  if (authorization === undefined || authorization === '') return { problem: 'missing' };
  if (authorization.length > MAX_TOKEN + 'Bearer '.length) return { problem: 'too_long' };
  const [scheme = '', token = '', ...more] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'bearer') return { problem: 'scheme' };
  if (more.length > 0 || !SHAPE.test(token)) return { problem: 'malformed' };
  return token.length > MAX_TOKEN ? { problem: 'too_long' } : { token };
}

/** What chooses the key; nothing of it is proven yet. */
function claimOf(token: string): Problem | { readonly kid: string; readonly issuer: string } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    if (alg !== 'RS256') return { problem: 'algorithm' };
    const { iss } = decodeJwt(token);
    return typeof kid === 'string' && kid !== '' && typeof iss === 'string' ? { kid, issuer: iss } : { problem: 'malformed' };
  } catch {
    return { problem: 'malformed' };
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  return 'malformed';
}

function audienceFits(aud: JWTPayload['aud'], { audiences }: TokenIssuer): boolean {
  if (aud === undefined) return true;
  const named = Array.isArray(aud) ? aud : [aud];
  return named.some((one) => audiences.includes(one));
}

function tokenOf(payload: JWTPayload, issuer: string): RequestToken {
  const scope = Array.isArray(payload.scope) ? payload.scope : [];
  const roles = scope.flatMap((one: unknown) => (isObject(one) && typeof one.role === 'string' ? [one.role] : []));
  const { sub, jti, exp = 0 } = payload;
  return { issuer, roles, subject: textOf(sub), id: textOf(jti), expiresAt: exp * 1000 };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 256) : undefined;
}

function no(problem: TokenProblem): TokenVerdict {
  return { ok: false, problem };
}
