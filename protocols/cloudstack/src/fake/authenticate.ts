import { createHmac, timingSafeEqual } from 'node:crypto';
import { BAD_SESSION, BAD_SIGNATURE, unauthenticated } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import { API_TABLE } from './data/api-table.ts';
import { isRegistered } from './features.ts';
import type { KeyPair, User } from './model.ts';
import { type FakeRequest, paramOf } from './request.ts';
import type { Sessions } from './sessions.ts';
import { parseExpires } from './time.ts';

/** Who a request comes from, and how it proved it. */
interface Proof {
  readonly user: User;
  readonly bySession: boolean;
}

/** What the check depends on. */
export interface AuthSettings {
  /** `enforce.post.requests.and.timestamps`. */
  readonly enforceTimestamps: boolean;
}

/**
 * Checks signature or session as the server does.
 * @throws ApiError 401
 */
export function authenticate(cloud: Cloud, sessions: Sessions, request: FakeRequest, settings: AuthSettings): Proof {
  const apiKey = paramOf(request, 'apikey');
  if (apiKey === undefined) return bySession(sessions, request);
  const user = cloud.users.find((row) => row.keys.some((pair) => pair.apiKey === apiKey));
  const pair = user?.keys.find((candidate) => candidate.apiKey === apiKey);
  const command = request.params.get('command');
  if (command !== undefined && !isKnown(cloud, command)) throw unauthenticated(BAD_SIGNATURE, 'errorresponse');
  const valid = pair !== undefined && isFresh(cloud, request, settings) && isSigned(request, pair.secretKey);
  if (user === undefined || pair === undefined || !valid || !mayUseKeys(cloud, user, pair) || command === undefined)
    throw unauthenticated(BAD_SIGNATURE);
  return { user, bySession: false };
}

/** With a key, what the server does not register looks like a bad signature (fact 8 of the recordings). */
function isKnown(cloud: Cloud, command: string): boolean {
  return API_TABLE[command] !== undefined && isRegistered(cloud, command);
}

/** Keys of a disabled user, account or pair count for nothing. */
function mayUseKeys(cloud: Cloud, user: User, pair: KeyPair): boolean {
  const now = cloud.clock.now();
  const inTime = (pair.start ?? now) <= now && now <= (pair.end ?? now);
  return user.enabled && user.account.state !== 'disabled' && user.apiKeyAccess !== 'DISABLED' && inTime;
}

function bySession(sessions: Sessions, request: FakeRequest): Proof {
  if (!request.cookies.has('JSESSIONID') && paramOf(request, 'sessionkey') === undefined) throw unauthenticated(BAD_SIGNATURE);
  const session = sessions.use(request.cookies, paramOf(request, 'sessionkey'));
  const active = session?.user.enabled && session.user.account.state !== 'disabled';
  if (session === undefined || !active) throw unauthenticated(BAD_SESSION);
  return { user: session.user, bySession: true };
}

function isSigned(request: FakeRequest, secretKey: string): boolean {
  const given = Buffer.from(paramOf(request, 'signature') ?? '', 'base64');
  const text = [...request.params]
    .filter(([name]) => name.toLowerCase() !== 'signature')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${javaEncode(value)}`)
    .join('&');
  const wanted = createHmac('sha1', secretKey).update(text.toLowerCase(), 'utf8').digest();
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** `java.net.URLEncoder`, then `+` to `%20`; written anew here, so that client and fake do not share a mistake. */
function javaEncode(value: string): string {
  return [...Buffer.from(value, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9.*_-]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

const ENFORCED_AHEAD_MS = 15 * 60_000;

/** `expires` counts from `signatureVersion=3` on. */
function isFresh(cloud: Cloud, request: FakeRequest, settings: AuthSettings): boolean {
  if (paramOf(request, 'signatureversion') !== '3') return !settings.enforceTimestamps;
  const expires = parseExpires(paramOf(request, 'expires') ?? '');
  const now = cloud.clock.now();
  if (Number.isNaN(expires) || expires < now) return false;
  return !settings.enforceTimestamps || expires <= now + ENFORCED_AHEAD_MS;
}
