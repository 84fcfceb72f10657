import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import { addressKey, type BanRule, type Limits } from '@fairlead/kernel/limits';
import type { Log } from '@fairlead/kernel/log';
import { CceError } from '../../errors.ts';
import { BoundedMap } from './bounded-map.ts';
import type { ApiCaller } from './gatekeeper.ts';

/** Under which face the kernel counts failures. */
export const LIMIT_FACE = 'cce';

const PAUSE = { leastMs: 500, mostMs: 3000 };
const REMEMBERED = 10_000;
/** So many passwords of one name are checked at once for each failure that is allowed: what is under way was not counted yet. */
const AT_ONCE = 4;
/** For so long an address that was not banned is not looked up again. */
const GLANCE_MS = 500;
/** An attempt of which nothing was heard, because the backend was away. */
const FORGOTTEN_MS = 60_000;

export interface GuardParts {
  readonly limits: Limits;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** `[cce] api_auth_fails`. */
  readonly failures: number;
  /** `[cce] api_ban_time`. */
  readonly banMs: number;
  /** Milliseconds before a failed login is answered; 500 to 3000 at random unless given. */
  readonly pauseMs?: (() => number) | undefined;
}

/** What kind of proof was wrong. */
export type Failure = 'secret' | 'token' | 'password' | 'session';

/** Counts failures and keeps out who fails too often (cce 7.5): an address from elsewhere, a user name on this machine. */
export class Guard {
  readonly #parts: GuardParts;
  readonly #rule: BanRule;
  /** Keys with failures that were counted here and not forgotten since. */
  readonly #failed = new BoundedMap<string, true>(REMEMBERED);
  /** When keys were seen not to be banned. */
  readonly #free = new BoundedMap<string, number>(REMEMBERED);
  /** When the logins began that are under way, by key. */
  readonly #attempts = new BoundedMap<string, readonly number[]>(REMEMBERED);

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#rule = { threshold: parts.failures, windowMs: parts.banMs, banMs: parts.banMs, maxBanMs: parts.banMs };
  }

  /**
   * Throws `CCE_BANNED` with `retryAfterS` while the address is banned; this machine never is. Asked for every request: a ban that begins here counts
   * at once, one of another gateway within half a second.
   */
  async checkAddress(caller: ApiCaller): Promise<void> {
    if (caller.local) return;
    const key = addressOf(caller);
    const now = this.#parts.clock.now();
    const sinceMs = now - (this.#free.get(key) ?? Number.NEGATIVE_INFINITY);
    if (sinceMs >= 0 && sinceMs < GLANCE_MS) return;
    await this.#check(key);
    // Who has failed here since his last success is looked up each time.
    if (!this.#failed.get(key)) this.#free.set(key, now);
  }

  /**
   * Before a password is checked. Throws `CCE_BANNED` while logins of that name from this machine are refused, and when so many are under way that
   * nobody would count them in time. `failed`, `loggedIn` or `forget` has to follow.
   */
  async beginLogin(caller: ApiCaller, user: string): Promise<void> {
    const key = keyOf(caller, user);
    await this.#check(key);
    const now = this.#parts.clock.now();
    const underWay = (this.#attempts.get(key) ?? []).filter((since) => now - since < FORGOTTEN_MS);
    if (underWay.length >= AT_ONCE * this.#parts.failures) throw CceError('CCE_BANNED', {}, { retryAfterS: 1 });
    this.#attempts.set(key, [...underWay, now]);
  }

  /** A login of which nothing was heard. */
  forget(caller: ApiCaller, user: string): void {
    this.#endAttempt(keyOf(caller, user));
  }

  /** A login that was right: forgets failures, also those that other gateways counted. */
  async loggedIn(caller: ApiCaller, user: string): Promise<void> {
    const key = keyOf(caller, user);
    this.#endAttempt(key);
    this.#failed.delete(key);
    await this.#parts.limits.succeeded(LIMIT_FACE, [key]);
  }

  /** Counts; a ban that begins with it is written down. */
  async failed(caller: ApiCaller, user: string, what: Failure): Promise<void> {
    const { limits, audit, log } = this.#parts;
    const key = keyOf(caller, user);
    this.#failed.set(key, true);
    this.#free.delete(key);
    log.warn({ from: caller.address, user, what }, 'AUTH FAIL');
    const { bannedForS } = await limits.failed(LIMIT_FACE, [key], this.#rule);
    // Not before it was counted, or others would slip in meanwhile.
    if (what === 'password') this.#endAttempt(key);
    await audit.record({
      face: LIMIT_FACE,
      actor: user,
      action: bannedForS === undefined ? 'login' : 'login.ban',
      outcome: 'refused',
      address: caller.address,
      detail: { proof: what, bannedForS },
    });
    if (bannedForS !== undefined) log.warn({ from: caller.address, user, bannedForS }, 'BAN');
  }

  /** Any other success resets the counter too; asked for every request, so that the store is only troubled when there was a failure. */
  async succeeded(caller: ApiCaller, user: string): Promise<void> {
    const key = keyOf(caller, user);
    if (this.#failed.delete(key)) await this.#parts.limits.succeeded(LIMIT_FACE, [key]);
  }

  /** The pause before a failed login is answered: the caller waits, nobody else does. */
  async pause(): Promise<void> {
    const { clock, pauseMs } = this.#parts;
    const ms = pauseMs === undefined ? PAUSE.leastMs + Math.random() * (PAUSE.mostMs - PAUSE.leastMs) : pauseMs();
    if (ms > 0) await clock.sleep(ms);
  }

  #endAttempt(key: string): void {
    const underWay = this.#attempts.get(key)?.slice(1) ?? [];
    if (underWay.length === 0) this.#attempts.delete(key);
    else this.#attempts.set(key, underWay);
  }

  async #check(key: string): Promise<void> {
    try {
      await this.#parts.limits.check(LIMIT_FACE, [key], this.#rule);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'FAIRLEAD_BANNED') throw error;
      this.#parts.log.debug({ key }, 'DENY: banned');
      throw CceError('CCE_BANNED', {}, { retryAfterS: error.retryAfterS ?? 1, cause: error });
    }
  }
}

/** On this machine everybody has one address: the GUI of all users (cce 7.5). */
function keyOf(caller: ApiCaller, user: string): string {
  return caller.local ? userOf(user) : addressOf(caller);
}

function addressOf(caller: ApiCaller): string {
  return `address:${addressKey(caller.address)}`;
}

function userOf(user: string): string {
  return `user:${user}`;
}
