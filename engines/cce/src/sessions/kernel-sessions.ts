import type { Clock } from '@fairlead/kernel/clock';
import type { Sessions } from '@fairlead/kernel/sessions';
import type { EngineSessions, SessionUser } from '../engine-contract.ts';
import { SeenSessions } from './seen-sessions.ts';
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

/**
 * Session keys as rows of the kernel (cce 1.8), good at every gateway of the store and after a restart. With a clock, one that was alive is not looked
 * up again for half a second: what ends it here counts at once, what ends it at another gateway that much later.
 */
export function kernelSessions(sessions: Sessions, life: SessionLife, clock?: Clock): EngineSessions {
  const maxMs = life.maxMs === 0 ? NO_END_MS : life.maxMs;
  const seen = clock && new SeenSessions(clock);
  const ending = async (work: () => Promise<unknown>) => {
    seen?.forget();
    await work();
    // Whoever looked meanwhile may have seen it alive.
    seen?.forget();
  };
  const verify = async (sessionId: string) => {
    const session = await sessions.verify<SessionUser>(FACE, sessionId);
    return session && { user: session.data, endsMs: session.expiresMs };
  };
  return {
    async issue(user) {
      const request = { face: FACE, subject: String(user.oid), data: user, idleMs: life.idleMs, maxMs, atMost: SESSIONS_PER_USER };
      const token = newSessionKey();
      // The oldest of a hundred ends.
      await ending(() => sessions.issue({ ...request, token }));
      return token;
    },
    verify: async (sessionId) => (seen ? seen.userOf(sessionId, verify) : (await verify(sessionId))?.user),
    revoke: (sessionId) => ending(() => sessions.revoke(FACE, sessionId)),
    revokeUser: (oid) => ending(() => sessions.revokeSubject(FACE, String(oid))),
  };
}
