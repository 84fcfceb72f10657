import { hash } from 'node:crypto';
import type { Clock } from '@fairlead/kernel/clock';
import type { SessionUser } from '../engine-contract.ts';

/** So long a session that was alive is taken for alive. */
const GLANCE_MS = 500;
const MOST = 10_000;

interface Living {
  readonly user: SessionUser;
  readonly endsMs: number;
}

interface Seen extends Living {
  readonly atMs: number;
}

/** Sessions that were alive a moment ago, by digests of their ids. */
export class SeenSessions {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();
  /** How often something was forgotten: what was looked up before that is not remembered. */
  #times = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The user of a session that was seen, or what the look finds. */
  async userOf(sessionId: string, look: (sessionId: string) => Promise<Living | undefined>): Promise<SessionUser | undefined> {
    const key = hash('sha256', sessionId, 'base64url');
    const atMs = this.#clock.now();
    const seen = this.#seen.get(key);
    if (seen && atMs >= seen.atMs && atMs < Math.min(seen.atMs + GLANCE_MS, seen.endsMs)) return seen.user;
    const times = this.#times;
    const living = await look(sessionId);
    if (living && times === this.#times) this.#remember(key, { ...living, atMs });
    return living?.user;
  }

  /** Forgets all: some session ends. */
  forget(): void {
    this.#times += 1;
    this.#seen.clear();
  }

  #remember(key: string, seen: Seen): void {
    if (this.#seen.size >= MOST) this.#seen.clear();
    this.#seen.set(key, seen);
  }
}
