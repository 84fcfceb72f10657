import type { Sessions } from '@fairlead/kernel/sessions';
import type { EngineSessions, SessionUser } from '../engine-contract.ts';
import { newSessionKey, SESSIONS_PER_USER } from './session-key.ts';

const FACE = 'cce';

/** A session that ends by disuse only ends after this long. */
const NO_END_MS = 100 * 366 * 24 * 3_600_000;

export interface SessionLife {
  /** Unused for this long, it ends. Milliseconds; cce 1.8 says an hour. */
  readonly idleMs: number;
  /** After this long it ends in any case; 0: never. */
  readonly maxMs: number;
}

/** Session keys as rows of the kernel (cce 1.8), good at every gateway of the store and after a restart. */
export function kernelSessions(sessions: Sessions, life: SessionLife): EngineSessions {
  const maxMs = life.maxMs === 0 ? NO_END_MS : life.maxMs;
  return {
    async issue(user) {
      const request = { face: FACE, subject: String(user.oid), data: user, idleMs: life.idleMs, maxMs, atMost: SESSIONS_PER_USER };
      return (await sessions.issue({ ...request, token: newSessionKey() })).token;
    },
    verify: async (sessionId) => (await sessions.verify<SessionUser>(FACE, sessionId))?.data,
    async revoke(sessionId) {
      await sessions.revoke(FACE, sessionId);
    },
    async revokeUser(oid) {
      await sessions.revokeSubject(FACE, String(oid));
    },
  };
}
