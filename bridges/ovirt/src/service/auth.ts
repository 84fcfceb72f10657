import type { Caller } from './caller.ts';

/** Logins, tokens and sessions (ovirt 3). */
export interface Auth {
  /** The caller behind a token; undefined when it has ended. For work that outlives a request. */
  callerOfToken(token: string): Promise<Caller | undefined>;
}
