import { newAlphanumeric } from '@fairlead/kernel/ids';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { equalSecret, type Secrets } from '@fairlead/kernel/secrets';
import { CceError } from '../../errors.ts';
import type { Backend, Identity } from '../backend.ts';
import type { AccessEntry } from './access-entry.ts';
import type { AccessFile, AccessMatch } from './access-file.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Admission, ApiCaller, CompanionCredentials, Credentials, Gatekeeper, Scope } from './gatekeeper.ts';
import type { Guard } from './guard.ts';
import { API_ADMIN, type Tokens } from './tokens.ts';

export interface GatekeeperSettings {
  readonly pingPublic: boolean;
  /** X-Client-Secret with every request from elsewhere, not with LOGIN alone. */
  readonly requireSecret: boolean;
}

export interface GatekeeperParts {
  readonly settings: GatekeeperSettings;
  readonly access: AccessFile;
  readonly tokens: Tokens;
  readonly guard: Guard;
  readonly backend: Pick<Backend, 'use' | 'verify'>;
  readonly secrets: Secrets;
  readonly context: Pick<BridgeContext, 'audit' | 'clock' | 'log'>;
}

const ANONYMOUS = { kind: 'anonymous' } as const satisfies Identity;
const LATE_REMEMBERED = 10_000;

/** A caller from elsewhere whose secret is right. */
interface Known {
  readonly entry: AccessEntry;
}

export function createGatekeeper(parts: GatekeeperParts): Gatekeeper {
  return new RealGatekeeper(parts);
}

class RealGatekeeper implements Gatekeeper {
  readonly #parts: GatekeeperParts;
  /** Digests of tokens and sessions that came late and were counted: they count once. */
  readonly #late = new BoundedMap<string, true>(LATE_REMEMBERED);
  /** Requests that are logins themselves, not commands that bring a password along. */
  readonly #logins = new WeakSet<ApiCaller>();

  constructor(parts: GatekeeperParts) {
    this.#parts = parts;
  }

  async admit(caller: ApiCaller): Promise<void> {
    const { guard, access, settings } = this.#parts;
    await guard.checkAddress(caller);
    if (!caller.local && !settings.pingPublic && !access.lists(caller.address)) this.#deny(caller, 'not listed');
  }

  async authorize(caller: ApiCaller, credentials: Credentials): Promise<Admission> {
    const { verb } = credentials;
    const isListed = caller.local || this.#parts.access.lists(caller.address);
    // With `ping_public` callers who are not listed came as far as here.
    if (!isListed && verb !== 'PING') this.#deny(caller, 'not listed');
    if (verb === 'PING') return nobody();
    const given = { ...withoutEmpty(credentials), verb };
    return caller.local ? this.#authorizeLocal(caller, given) : this.#authorizeRemote(caller, given);
  }

  async issueToken(caller: ApiCaller, signal: AbortSignal): Promise<{ token: string; expiresMs: number }> {
    const { tokens, backend, guard, context } = this.#parts;
    if (caller.local) throw CceError('CCE_LOGIN_LOCAL');
    const { entry } = await this.#requireSecret(caller);
    const user = entry.user ?? API_ADMIN;
    // The session behind the token is opened once, so that a refusal is told now and not with the first command (cce 7.3).
    await backend.use({ kind: 'service', user }, async () => undefined, signal, { peer: caller.address });
    const issued = await tokens.issue({ address: caller.address, entry });
    await guard.loggedIn(caller, user);
    context.log.info({ from: caller.address, user }, `TOKEN ISSUED ${shownToken(issued.token)}`);
    await context.audit.record({ face: 'cce', actor: user, action: 'token.issue', outcome: 'ok', address: caller.address });
    return issued;
  }

  async revokeToken(token: string): Promise<void> {
    const isEnded = await this.#parts.tokens.revoke(token);
    if (isEnded) this.#parts.context.log.info({}, `TOKEN REVOKED ${shownToken(token)}`);
  }

  beginLogin(caller: ApiCaller, user: string): Promise<void> {
    return this.#parts.guard.beginLogin(caller, user);
  }

  loginUnheard(caller: ApiCaller, user: string): void {
    this.#parts.guard.forget(caller, user);
  }

  async loginFailed(caller: ApiCaller, user: string, sessionId?: string): Promise<void> {
    const { guard } = this.#parts;
    if (sessionId === undefined) await guard.failed(caller, user, 'password');
    else await this.#countSession(caller, user, sessionId);
    await guard.pause();
  }

  async loginSucceeded(caller: ApiCaller, user: string): Promise<void> {
    const { guard, context } = this.#parts;
    await guard.loggedIn(caller, user);
    if (!this.#logins.delete(caller)) return;
    context.log.info({ from: caller.address, user }, 'AUTH OK');
    await context.audit.record({ face: 'cce', actor: user, action: 'login', outcome: 'ok', address: caller.address });
  }

  async authorizeCompanion(caller: ApiCaller, credentials: CompanionCredentials, signal: AbortSignal): Promise<Admission> {
    const { guard, backend, settings } = this.#parts;
    await guard.checkAddress(caller);
    const { token, user, sessionId } = withoutEmpty(credentials);
    if (caller.local && sessionId === undefined) return nobody();
    if (token !== undefined && !caller.local) {
      const isSecretNeeded = credentials.needsSecret === true && settings.requireSecret;
      return this.#withToken(caller, isSecretNeeded ? await this.#requireSecret(caller) : await this.#requireEntry(caller), token);
    }
    if (user === undefined || sessionId === undefined) throw CceError('CCE_TOKEN_INVALID');
    if (await backend.verify(user, sessionId, signal)) {
      await guard.succeeded(caller, user);
      return this.#withSession(user, sessionId);
    }
    await this.#countSession(caller, user, sessionId);
    throw CceError('CCE_TOKEN_INVALID');
  }

  /** Steps 5 of cce 7.2 and the rows of localhost in 7.7. */
  async #authorizeLocal(caller: ApiCaller, credentials: Credentials): Promise<Admission> {
    const { verb, user, password, sessionId, token } = credentials;
    if (verb === 'LOGIN') throw CceError('CCE_LOGIN_LOCAL');
    // Tokens hold for the address that asked for them, and nobody asks for one here.
    if (token !== undefined) throw CceError('CCE_TOKEN_INVALID');
    if (sessionId !== undefined && verb !== 'AUTH') return this.#withSession(user ?? '', sessionId);
    if (password === undefined || user === undefined) return { ...nobody(), userName: user ?? '-' };
    if (verb === 'AUTH') this.#logins.add(caller);
    return { identity: { kind: 'password', user, password }, queueKey: undefined, userName: user };
  }

  /** Steps 6 to 8 of cce 7.2. */
  async #authorizeRemote(caller: ApiCaller, credentials: Credentials): Promise<Admission> {
    const { verb, token } = credentials;
    if (verb === 'AUTH' || verb === 'AUTHKEY') throw CceError('CCE_AUTH_REMOTE');
    const isSecretNeeded = this.#parts.settings.requireSecret || verb === 'LOGIN';
    const known = isSecretNeeded ? await this.#requireSecret(caller) : await this.#requireEntry(caller);
    if (verb === 'LOGIN') return nobody();
    if (token !== undefined) return this.#withToken(caller, known, token);
    const isLogin = [credentials.user, credentials.password, credentials.sessionId].some((one) => one !== undefined);
    throw CceError(isLogin ? 'CCE_FORBIDDEN' : 'CCE_TOKEN_INVALID');
  }

  async #withToken(caller: ApiCaller, { entry }: Known, token: string): Promise<Admission> {
    const { tokens, guard, secrets } = this.#parts;
    const state = await tokens.verify(token, { address: caller.address, entry });
    if (state.kind !== 'good') {
      await this.#countToken(caller, token, state.kind);
      throw CceError('CCE_TOKEN_INVALID');
    }
    await guard.succeeded(caller, state.user);
    return {
      identity: { kind: 'service', user: state.user },
      // Most commands need none.
      get queueKey() {
        return secrets.digest('cce.queue', `token ${token}`);
      },
      userName: state.user,
      scope: scopeOf(entry),
      token,
    };
  }

  /** A client with a token that has ended is no attacker: it counts once (cce 7.5). */
  async #countToken(caller: ApiCaller, token: string, state: 'late' | 'unknown'): Promise<void> {
    const { tokens, guard, context } = this.#parts;
    if (state === 'late' && !this.#isFirst(tokens.keyOf(token))) return;
    if (state === 'late') context.log.info({ from: caller.address }, `TOKEN EXPIRED ${shownToken(token)}`);
    await guard.failed(caller, '-', 'token');
  }

  /** A page that was left open shows the session that it had, again and again. */
  async #countSession(caller: ApiCaller, user: string, sessionId: string): Promise<void> {
    const { guard, secrets } = this.#parts;
    if (this.#isFirst(secrets.digest('cce.session-key', sessionId))) await guard.failed(caller, user, 'session');
  }

  #isFirst(key: string): boolean {
    if (this.#late.get(key)) return false;
    this.#late.set(key, true);
    return true;
  }

  async #requireSecret(caller: ApiCaller): Promise<Known> {
    const { guard, context } = this.#parts;
    const match = await this.#match(caller);
    // Compared also where there is nothing to compare with, so that the time tells nothing.
    const isRight = equalSecret(caller.clientSecret ?? '', match.entry?.secret ?? newAlphanumeric(32));
    if (isRight && match.entry !== undefined && isInTime(match.entry, context.clock.now())) return { entry: match.entry };
    await guard.failed(caller, '-', 'secret');
    throw CceError('CCE_SECRET_INVALID');
  }

  async #requireEntry(caller: ApiCaller): Promise<Known> {
    const { entry } = await this.#match(caller);
    if (entry !== undefined && isInTime(entry, this.#parts.context.clock.now())) return { entry };
    throw CceError('CCE_TOKEN_INVALID');
  }

  async #match(caller: ApiCaller): Promise<AccessMatch> {
    return (await this.#parts.access.find(caller.address)) ?? this.#deny(caller, 'not listed');
  }

  #withSession(user: string, sessionId: string): Admission {
    const { secrets } = this.#parts;
    return {
      identity: { kind: 'session', user, sessionId },
      get queueKey() {
        return user === '' ? undefined : secrets.digest('cce.queue', `session ${user} ${sessionId}`);
      },
      userName: user === '' ? '-' : user,
    };
  }

  #deny(caller: ApiCaller, why: string): never {
    this.#parts.context.log.info({ from: caller.address, why }, 'DENY');
    throw CceError('CCE_FORBIDDEN');
  }
}

/** An empty text shows nothing: clients send one for what they do not have. */
function withoutEmpty(shown: Omit<Credentials, 'verb'>): Omit<Credentials, 'verb'> {
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ''));
}

function nobody(): Admission {
  return { identity: ANONYMOUS, queueKey: undefined, userName: '-' };
}

function scopeOf({ verbs, classes }: AccessEntry): Scope | undefined {
  return verbs === undefined && classes === undefined ? undefined : { verbs, classes };
}

function isInTime({ expiresMs }: AccessEntry, now: number): boolean {
  return expiresMs === undefined || now < expiresMs;
}

/** As far as a log may know it (cce 10). */
function shownToken(token: string): string {
  return `${token.slice(0, 6)}...`;
}
