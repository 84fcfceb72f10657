import type { Clock } from '@fairlead/kernel/clock';
import { CceError } from '../../src/errors.ts';
import type { Identity } from '../../src/service/backend.ts';
import type { Admission, ApiCaller, Credentials, Gatekeeper, Scope } from '../../src/service/security/gatekeeper.ts';

/** A door that lets everybody try: callers are on this machine unless a header says otherwise. What the real one refuses has tests of its own. */
export class PlainGatekeeper implements Gatekeeper {
  readonly failures: string[] = [];
  readonly successes: string[] = [];
  readonly tokens = new Map<string, { readonly user: string; readonly scope?: Scope | undefined }>();
  /** Limits of the tokens that are given from now on. */
  scope: Scope | undefined;
  /** For whom tokens act. */
  tokenUser = 'api-admin';
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  callerOf({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): ApiCaller {
    const remote = headers['x-test-remote'];
    return typeof remote === 'string' ? { address: remote, local: false } : { address: '127.0.0.1', local: true };
  }

  async admit(caller: ApiCaller): Promise<void> {
    if (caller.address === '203.0.113.66') throw CceError('CCE_FORBIDDEN');
  }

  async authorize(caller: ApiCaller, credentials: Credentials): Promise<Admission> {
    const { verb, token, user = '', sessionId, password } = credentials;
    if (!caller.local) return verb === 'LOGIN' ? admitted({ kind: 'anonymous' }, '-') : this.#byToken(token);
    if (verb === 'AUTH' || verb === 'AUTHKEY' || verb === 'PING') return admitted({ kind: 'anonymous' }, '-');
    if (sessionId !== undefined) return { ...admitted({ kind: 'session', user, sessionId }, user), queueKey: `session ${sessionId}` };
    if (password !== undefined) return admitted({ kind: 'password', user, password }, user);
    return admitted({ kind: 'anonymous' }, '-');
  }

  async issueToken(): Promise<{ token: string; expiresMs: number }> {
    const token = String(this.tokens.size).padStart(64, 'T');
    this.tokens.set(token, { user: this.tokenUser, scope: this.scope });
    return { token, expiresMs: this.#clock.now() + 300_000 };
  }

  async revokeToken(token: string): Promise<void> {
    this.tokens.delete(token);
  }

  async beginLogin(): Promise<void> {}

  loginUnheard(): void {}

  async loginFailed(_caller: ApiCaller, user: string): Promise<void> {
    this.failures.push(user);
  }

  async loginSucceeded(_caller: ApiCaller, user: string): Promise<void> {
    this.successes.push(user);
  }

  async authorizeCompanion(caller: ApiCaller, credentials: Omit<Credentials, 'verb' | 'password'>): Promise<Admission> {
    return this.authorize(caller, { ...credentials, verb: 'EVENTS' });
  }

  #byToken(token: string | undefined): Admission {
    const known = token === undefined ? undefined : this.tokens.get(token);
    if (token === undefined || known === undefined) throw CceError('CCE_TOKEN_INVALID');
    return { ...admitted({ kind: 'service', user: known.user }, known.user), queueKey: `token ${token}`, token, scope: known.scope };
  }
}

function admitted(identity: Identity, userName: string): Admission {
  return { identity, userName, queueKey: undefined };
}
