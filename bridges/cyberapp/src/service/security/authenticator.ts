import type { Credentials } from '@fairlead/acronis/codec';
import { FairleadError } from '@fairlead/kernel/errors';
import type { BanRule, Limits } from '@fairlead/kernel/limits';
import type { Log } from '@fairlead/kernel/log';
import type { PasswordCost } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { CyberappError } from '../../errors.ts';
import type { CyberappTables, OrganizationRow, UserRow } from '../../store/tables.ts';
import { CallRates } from './call-rates.ts';
import { KnownPasswords } from './known-passwords.ts';
import { PasswordGate } from './password-gate.ts';

/** Name of this face in the kernel's limits. */
export const LIMIT_FACE = 'cyberapp';

const MINUTE = 60_000;
const WINDOW_MS = 10 * MINUTE;
/** One tenant's guesses lock out itself before they lock the identity. */
const PAIR_RULE: BanRule = { threshold: 5, windowMs: WINDOW_MS, banMs: 15 * MINUTE, maxBanMs: 15 * MINUTE };
/** How exact `last_login_ms` is. */
const LOGIN_STEP_MS = 5 * MINUTE;

export interface AuthenticatorOptions {
  readonly store: Store;
  readonly limits: Limits;
  readonly log: Log;
  readonly cost: PasswordCost;
  readonly places: number;
  readonly cacheMs: number;
  readonly lock: { readonly after: number; readonly forMs: number; readonly maxMs: number };
}

export interface Authenticated {
  readonly user: UserRow;
  readonly organization: OrganizationRow;
}

/** The key under which an identity is locked, for `user unlock`. */
export function identityKey(loginKey: string): string {
  return `identity:${loginKey}`;
}

/** Tells by credentials who calls (cyberapp 7.2, 7.4). */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #gate: PasswordGate;
  readonly #known: KnownPasswords;
  readonly #rates: CallRates;

  constructor(options: AuthenticatorOptions) {
    const { clock } = options.store;
    this.#options = options;
    this.#gate = new PasswordGate(options.cost, options.places);
    this.#known = new KnownPasswords(clock, options.cacheMs);
    this.#rates = new CallRates(clock);
  }

  /**
   * Throws CYBERAPP_LOCKED with `retryAfterS`, CYBERAPP_BUSY, or CYBERAPP_UNAUTHENTICATED: one text and the same work for a wrong password,
   * an unknown login, a user without password and a suspended one.
   */
  async authenticate({ loginKey, password }: Credentials, tenantId: string): Promise<Authenticated> {
    const identity = identityKey(loginKey);
    const pair = `pair:${tenantId}:${loginKey}`;
    this.#rates.take(identity);
    await this.#refuseLocked([identity, pair]);
    const user = await this.#find(loginKey);
    const proof = { loginKey, password, credentialVersion: user?.credential_version ?? 0 };
    const isActive = user?.state === 'active';
    if (!(isActive && this.#known.has(proof))) {
      const { isRight, better, isAbsurd } = await this.#gate.verify(password, isActive ? user.password_hash : null, {
        again: () => this.#refuseLocked([identity, pair]),
        count: (isGood) => this.#count(identity, pair, isGood),
      });
      if (isAbsurd)
        this.#options.log.error({ user: user?.id }, 'the stored password hash of a user cannot be computed: set a new password');
      if (!isRight || user === undefined) throw CyberappError('CYBERAPP_UNAUTHENTICATED');
      this.#known.add(proof);
      await this.#remember(user, better);
    }
    return { user, organization: await this.#organizationOf(user) };
  }

  /** A call without an identity (mirrored enablement): so many for each tenant. */
  countCall(tenantId: string): void {
    this.#rates.take(`tenant:${tenantId}`);
  }

  async #refuseLocked(keys: readonly string[]): Promise<void> {
    try {
      await this.#options.limits.check(LIMIT_FACE, keys);
    } catch (error) {
      if (!FairleadError.is(error, 'FAIRLEAD_BANNED')) throw error;
      throw CyberappError('CYBERAPP_LOCKED', {}, error.retryAfterS === undefined ? {} : { retryAfterS: error.retryAfterS });
    }
  }

  async #count(identity: string, pair: string, isGood: boolean): Promise<void> {
    const { limits, lock } = this.#options;
    if (isGood) return await limits.succeeded(LIMIT_FACE, [identity, pair]);
    await limits.failed(LIMIT_FACE, [pair], PAIR_RULE);
    await limits.failed(LIMIT_FACE, [identity], {
      threshold: lock.after,
      windowMs: WINDOW_MS,
      banMs: lock.forMs,
      maxBanMs: Math.max(lock.maxMs, lock.forMs),
    });
  }

  /** A better hash, but only over the one that was verified; when the user was here. */
  async #remember(user: UserRow, better: string | undefined): Promise<void> {
    const now = this.#options.store.clock.now();
    if (better === undefined && now - (user.last_login_ms ?? 0) < LOGIN_STEP_MS) return;
    await this.#db()
      .updateTable('cyberapp_users')
      .set({ last_login_ms: now, ...(better !== undefined && { password_hash: better }) })
      .where('id', '=', user.id)
      .where('credential_version', '=', user.credential_version)
      .execute();
  }

  #find(loginKey: string): Promise<UserRow | undefined> {
    return this.#db().selectFrom('cyberapp_users').selectAll().where('login_key', '=', loginKey).executeTakeFirst();
  }

  #organizationOf(user: UserRow): Promise<OrganizationRow> {
    return this.#db().selectFrom('cyberapp_organizations').selectAll().where('id', '=', user.organization_id).executeTakeFirstOrThrow();
  }

  #db() {
    return this.#options.store.tables<CyberappTables>();
  }
}
