import type { Clock } from '@fairlead/kernel/clock';
import type { EngineSessions, SessionUser } from '../engine-contract.ts';
import type { SessionLife } from './kernel-sessions.ts';
import { newSessionKey, SESSIONS_PER_USER } from './session-key.ts';

interface Kept {
  readonly user: SessionUser;
  readonly createdMs: number;
  usedMs: number;
}

/** Session keys in a map, for tests and trials. */
export function memorySessions(clock: Clock, life: SessionLife): EngineSessions {
  const kept = new Map<string, Kept>();
  return {
    async issue(user) {
      const key = newSessionKey();
      kept.set(key, { user, createdMs: clock.now(), usedMs: clock.now() });
      const own = [...kept].filter(([, session]) => session.user.oid === user.oid);
      for (const [oldest] of own.slice(0, Math.max(0, own.length - SESSIONS_PER_USER))) kept.delete(oldest);
      return key;
    },
    async verify(key) {
      const session = kept.get(key);
      if (!session || hasEnded(session)) return undefined;
      session.usedMs = clock.now();
      return session.user;
    },
    async revoke(key) {
      kept.delete(key);
    },
    async revokeUser(oid) {
      for (const [key, { user }] of kept) if (user.oid === oid) kept.delete(key);
    },
  };

  function hasEnded({ usedMs, createdMs }: Kept): boolean {
    const now = clock.now();
    return now >= usedMs + life.idleMs || (life.maxMs > 0 && now >= createdMs + life.maxMs);
  }
}
