import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';
import type { Store } from '../store/index.ts';

/** So many failures within the window begin a ban; each further ban lasts twice as long, up to the longest. */
export interface BanRule {
  readonly threshold: number;
  readonly windowMs: number;
  readonly banMs: number;
  readonly maxBanMs: number;
}

interface LimitTables {
  kernel_limits: {
    face: string;
    key: string;
    failures: number;
    window_ends_ms: number;
    bans: number;
    banned_until_ms: number;
    forget_ms: number;
  };
}

/** Counts failed logins and bans who fails too often: rows, so that all gateways of a cluster count together. A ban holds for the face that set it. */
export class Limits {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { readonly store: Store; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /**
   * Throws `FAIRLEAD_BANNED` with `retryAfterS` while one of the keys is banned.
   * With the rule, a ban never lasts longer than the rule now allows.
   */
  async check(face: string, keys: readonly string[], rule?: BanRule): Promise<void> {
    if (keys.length === 0) return;
    const row = await this.#db()
      .selectFrom('kernel_limits')
      .select((get) => get.fn.max('banned_until_ms').as('until'))
      .where('face', '=', face)
      .where('key', 'in', keys.map(bounded))
      .executeTakeFirst();
    const leftMs = Math.min((row?.until ?? 0) - this.#clock.now(), rule?.maxBanMs ?? Number.MAX_SAFE_INTEGER);
    if (leftMs <= 0) return;
    const seconds = Math.ceil(leftMs / 1000);
    throw FairleadError('FAIRLEAD_BANNED', { seconds }, { retryAfterS: seconds });
  }

  /** Counts one failure for each key. Answers the longest ban that began with it. */
  async failed(face: string, keys: readonly string[], rule: BanRule): Promise<{ readonly bannedForS?: number }> {
    let longest = 0;
    for (const key of new Set(keys.map(bounded))) longest = Math.max(longest, await this.#countFailure(face, key, rule));
    return longest > 0 ? { bannedForS: Math.ceil(longest / 1000) } : {};
  }

  /** Forgets failures and bans of these keys. */
  async succeeded(face: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#db().deleteFrom('kernel_limits').where('face', '=', face).where('key', 'in', keys.map(bounded)).execute();
  }

  /** Removes what no longer counts; answers how many. */
  async sweep(): Promise<number> {
    const gone = await this.#db().deleteFrom('kernel_limits').where('forget_ms', '<=', this.#clock.now()).executeTakeFirst();
    return Number(gone.numDeletedRows);
  }

  /** Keys of a face that are banned now, with the end of each ban. */
  async banned(face: string): Promise<readonly { readonly key: string; readonly untilMs: number }[]> {
    const rows = await this.#db()
      .selectFrom('kernel_limits')
      .select(['key', 'banned_until_ms'])
      .where('face', '=', face)
      .where('banned_until_ms', '>', this.#clock.now())
      .orderBy('key')
      .execute();
    return rows.map((row) => ({ key: row.key, untilMs: row.banned_until_ms }));
  }

  /** How many keys are banned now, by face. */
  async countBanned(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db()
      .selectFrom('kernel_limits')
      .select((get) => ['face', get.fn.countAll<number>().as('banned')])
      .where('banned_until_ms', '>', this.#clock.now())
      .groupBy('face')
      .execute();
    return new Map(rows.map((row) => [row.face, Number(row.banned)]));
  }

  #db() {
    return this.#store.tables<LimitTables>();
  }

  /** One statement counts and, at the threshold, bans: two gateways cannot both miss it. Answers the milliseconds of a ban that began now. */
  async #countFailure(face: string, key: string, rule: BanRule): Promise<number> {
    const now = this.#clock.now();
    const first = { face, key, failures: 1, window_ends_ms: now + rule.windowMs, bans: 0, banned_until_ms: 0 };
    // Former bans are remembered for as long as the longest ban, so that a patient guesser meets the doubled one.
    const forget = now + rule.windowMs + rule.maxBanMs;
    const row = await this.#db()
      .insertInto('kernel_limits')
      .values({ ...first, forget_ms: forget })
      .onConflict((conflict) =>
        conflict.columns(['face', 'key']).doUpdateSet({
          failures: sql<number>`case when kernel_limits.window_ends_ms <= ${now} then 1 else kernel_limits.failures + 1 end`,
          window_ends_ms: sql<number>`case when kernel_limits.window_ends_ms <= ${now} then ${first.window_ends_ms} else kernel_limits.window_ends_ms end`,
          bans: sql<number>`case when kernel_limits.forget_ms <= ${now} then 0 else kernel_limits.bans end`,
          forget_ms: forget,
        }),
      )
      .returning(['failures', 'bans'])
      .executeTakeFirstOrThrow();
    if (row.failures < rule.threshold) return 0;
    return this.#ban(face, key, row.bans, rule);
  }

  async #ban(face: string, key: string, bans: number, rule: BanRule): Promise<number> {
    const now = this.#clock.now();
    const lengthMs = Math.min(rule.banMs * 2 ** Math.min(bans, 30), rule.maxBanMs);
    const begun = await this.#db()
      .updateTable('kernel_limits')
      .set({ failures: 0, window_ends_ms: now, bans: bans + 1, banned_until_ms: now + lengthMs, forget_ms: now + lengthMs + rule.maxBanMs })
      .where('face', '=', face)
      .where('key', '=', key)
      .where('bans', '=', bans)
      .executeTakeFirst();
    return begun.numUpdatedRows > 0n ? lengthMs : 0;
  }
}

/** Keys hold what callers typed as a login; a long one is counted under its hash. */
function bounded(key: string): string {
  return key.length <= 200 ? key : createHash('sha256').update(key).digest('hex');
}
