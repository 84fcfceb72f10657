import { equalSecret } from '@fairlead/kernel/secrets';
import { OvirtError } from '../../errors.ts';
import type { Auth } from '../../service/auth.ts';
import type { Identity } from '../../service/identity.ts';
import { type Headers, type Incoming, textHeader } from '../request.ts';

/** Who calls, and how to end what he showed. */
export interface Authenticated {
  readonly identity: Identity;
  /** Ends the token, session or kept credential: at logout, and when CloudStack no longer takes its keys. */
  drop(): Promise<void>;
  /** Headers of the answer: the cookie of a session that was opened or ended. */
  readonly setCookie?: string;
}

const MINUTE = 60_000;
/** The engine's `UserSessionTimeOutInterval`. */
const DEFAULT_TTL_MS = 30 * MINUTE;

/**
 * Bearer token, Basic, or the cookie of a session (ovirt 3.3–3.5).
 * Throws `OVIRT_UNAUTHORIZED`, `OVIRT_LOGIN_REFUSED`, `OVIRT_FORBIDDEN` (CSRF), `FAIRLEAD_BANNED`.
 */
export async function authenticate(auth: Auth, incoming: Incoming, cookiePath: string): Promise<Authenticated> {
  const wishes = preferences(incoming.headers);
  const cookieId = wishes.has('new-auth') ? undefined : cookieOf(incoming.headers);
  const authorization = textHeader(incoming.headers, 'authorization');
  if (authorization === undefined) return byCookie(auth, incoming, { cookieId, wishes, cookiePath });
  const shown = await byAuthorization(auth, incoming, authorization);
  if (!wishes.has('persistent-auth')) return shown;
  const open = cookieId === undefined ? undefined : await auth.cookie(cookieId);
  if (open !== undefined && open.identity.userId === shown.identity.userId) return shown;
  const ttl = ttlOf(incoming.headers);
  const id = await auth.openCookie({ identity: shown.identity, csrf: wishes.has('csrf-protection') }, ttl);
  return { ...shown, setCookie: cookieText(id, cookiePath) };
}

/** The token of a bearer header; undefined when there is none. */
export function bearerOf(headers: Headers): string | undefined {
  return /^bearer +(\S+) *$/i.exec(textHeader(headers, 'authorization') ?? '')?.[1];
}

export function cookieOf(headers: Headers): string | undefined {
  return /(?:^|;)\s*JSESSIONID="?([A-Za-z0-9_-]{20,100})"?\s*(?:;|$)/.exec(textHeader(headers, 'cookie') ?? '')?.[1];
}

async function byAuthorization(auth: Auth, incoming: Incoming, authorization: string): Promise<Authenticated> {
  const token = bearerOf(incoming.headers);
  if (token !== undefined) return byToken(auth, token);
  const encoded = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization)?.[1];
  const pair = encoded === undefined ? undefined : basicPair(encoded);
  if (pair === undefined) throw OvirtError('OVIRT_UNAUTHORIZED', { text: 'The Authorization header is neither Basic nor Bearer' });
  const { identity, drop } = await auth.verifyBasic({ ...pair, address: incoming.address });
  return { identity, drop: async () => drop() };
}

async function byToken(auth: Auth, token: string): Promise<Authenticated> {
  const session = await auth.token(token);
  if (session === undefined) throw OvirtError('OVIRT_UNAUTHORIZED', { text: 'The access token is not valid or has ended' });
  return { identity: session.data.identity, drop: () => auth.revokeToken(token) };
}

interface CookieRequest {
  readonly cookieId: string | undefined;
  readonly wishes: ReadonlySet<string>;
  readonly cookiePath: string;
}

/** A request with the cookie but without `persistent-auth` is the last of its session. */
async function byCookie(auth: Auth, incoming: Incoming, { cookieId, wishes, cookiePath }: CookieRequest): Promise<Authenticated> {
  const session = cookieId === undefined ? undefined : await auth.cookie(cookieId);
  if (cookieId === undefined || session === undefined) throw OvirtError('OVIRT_UNAUTHORIZED', { text: 'Log in first' });
  const shown = textHeader(incoming.headers, 'jsessionid') ?? '';
  if (session.csrf && !equalSecret(shown, cookieId)) {
    throw OvirtError('OVIRT_FORBIDDEN', { text: 'This session was opened with CSRF protection: send its id in the JSESSIONID header too' });
  }
  const drop = () => auth.closeCookie(cookieId);
  if (wishes.has('persistent-auth')) return { identity: session.identity, drop };
  await drop();
  return { identity: session.identity, drop, setCookie: `${cookieText('', cookiePath)}; Max-Age=0` };
}

/** Split at the first colon only; UTF-8, else Latin-1 (ovirt 3.4). */
function basicPair(encoded: string): { readonly user: string; readonly password: string } | undefined {
  const bytes = Buffer.from(encoded, 'base64');
  const text = decodeText(bytes);
  const at = text.indexOf(':');
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) };
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

function preferences(headers: Headers): ReadonlySet<string> {
  const values = [headers.prefer ?? []].flat().join(',');
  return new Set(values.split(',').map((wish) => wish.trim().toLowerCase()));
}

function ttlOf(headers: Headers): number {
  const minutes = Number(textHeader(headers, 'session-ttl') ?? Number.NaN);
  return Number.isInteger(minutes) && minutes > 0 ? minutes * MINUTE : DEFAULT_TTL_MS;
}

function cookieText(id: string, path: string): string {
  return `JSESSIONID=${id}; Path=${path}; HttpOnly; Secure; SameSite=Lax`;
}
