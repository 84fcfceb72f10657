import type { Identity } from '../backend.ts';

/** Who called, before anything of the body is believed (cce 7.1). */
export interface ApiCaller {
  /** The address that counts: of the peer, or what a trusted proxy says; IPv4-mapped IPv6 is IPv4, no zone. */
  readonly address: string;
  /** 127.0.0.0/8 or ::1. */
  readonly local: boolean;
  /** `X-Client-Secret`. */
  readonly clientSecret?: string | undefined;
}

/** What of a request decides who may do it. */
export interface Credentials {
  /** Upper case: of the raw or of the structured form. */
  readonly verb: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly token?: string | undefined;
}

/** What the headers of a companion of `POST /v2/cce` show. */
export interface CompanionCredentials extends Omit<Credentials, 'verb' | 'password'> {
  /** A token counts only together with `X-Client-Secret` (cce 12.1), unless `remote_require_secret` is off. */
  readonly needsSecret?: boolean | undefined;
}

/** A caller who may try his command. */
export interface Admission {
  readonly identity: Identity;
  /** Under which the queue of a transaction is kept: a digest of session or token; undefined: no transactions (cce 8.2). */
  readonly queueKey: string | undefined;
  /** For the log and the audit: a login, `api-admin`, or `-`. */
  readonly userName: string;
  /** Limits of a scoped secret (cce 12.5). */
  readonly scope?: Scope | undefined;
  /** The token that was shown. */
  readonly token?: string | undefined;
}

export interface Scope {
  readonly verbs?: ReadonlySet<string> | undefined;
  readonly classes?: ReadonlySet<string> | undefined;
}

/** The security model in its order of decisions (cce 7.2). Every method rejects with a `CceError` whose status and text are those of cce 5.6. */
export interface Gatekeeper {
  /** Steps 1 and 2, before the body is read. */
  admit(caller: ApiCaller): Promise<void>;
  /**
   * Steps 4 to 8, after the body was understood. Nothing is asked of the backend here: a session that does not live is found out when the command runs.
   * LOGIN and PING are allowed or refused here as well; their identity is anonymous. Whether a scope allows the command is for the command to see.
   */
  authorize(caller: ApiCaller, credentials: Credentials): Promise<Admission>;
  /** LOGIN (cce 7.3). */
  issueToken(caller: ApiCaller, signal: AbortSignal): Promise<{ readonly token: string; readonly expiresMs: number }>;
  revokeToken(token: string): Promise<void>;
  /** Before a password is shown to the backend, and not for a command that asks nothing of it. `loginFailed`, `loginSucceeded` or `loginUnheard` has to follow. */
  beginLogin(caller: ApiCaller, user: string): Promise<void>;
  /** The backend was away: nobody knows whether the password was right, and it counts for nothing. */
  loginUnheard(caller: ApiCaller, user: string): void;
  /**
   * Credentials were refused by the backend: counts, pauses 0.5 to 3 s for this caller only. A session counts once however often it is shown: a page
   * that was left open is no attacker.
   */
  loginFailed(caller: ApiCaller, user: string, sessionId?: string): Promise<void>;
  loginSucceeded(caller: ApiCaller, user: string): Promise<void>;
  /**
   * For `/v2/services`, `/v2/metrics`, `/v2/events`: `X-Token`, or `X-User` with `X-Session`; local callers are free. It stands alone: `admit` is not
   * asked before, because the browser of a user of the GUI is in no list. Whether a scope allows the companion is for the companion to see.
   */
  authorizeCompanion(caller: ApiCaller, credentials: CompanionCredentials, signal: AbortSignal): Promise<Admission>;
}
