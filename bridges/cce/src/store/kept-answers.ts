import type { Secrets } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import type { Kysely } from 'kysely';
import type { QueueTables } from './queue-tables.ts';

/** cce 12.6: how long an answer is kept for its key. */
const KEPT_MS = 10 * 60_000;
const PURPOSE = 'cce.answers';

/** Who comes with a key: nobody before, the same request again, or another one. */
export type Claim =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly answer: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'other' };

/** Answers to CREATE by `Idempotency-Key` (cce 12.6). */
export class KeptAnswers {
  readonly #store: Store;
  readonly #secrets: Pick<Secrets, 'digest' | 'digests'>;

  constructor(store: Store, secrets: Pick<Secrets, 'digest' | 'digests'>) {
    this.#store = store;
    this.#secrets = secrets;
  }

  /** Claims the key for this request, of which a digest under the server secret is kept: it may hold a password that can be guessed. */
  async claim(id: string, request: string): Promise<Claim> {
    const now = this.#store.clock.now();
    await this.sweep();
    const added = await this.#tables
      .insertInto('cce_answers')
      .values({ id, request: this.#secrets.digest(PURPOSE, request), answer: null, created_ms: now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (added !== undefined) return { kind: 'new' };
    const row = await this.#tables.selectFrom('cce_answers').select(['request', 'answer']).where('id', '=', id).executeTakeFirst();
    if (row !== undefined && !this.#secrets.digests(PURPOSE, request).includes(row.request)) return { kind: 'other' };
    return row === undefined || row.answer === null ? { kind: 'busy' } : { kind: 'answered', answer: row.answer };
  }

  async keep(id: string, answer: string): Promise<void> {
    await this.#tables.updateTable('cce_answers').set({ answer }).where('id', '=', id).execute();
  }

  /** The request has failed for certain: it may be sent again. */
  async release(id: string): Promise<void> {
    await this.#tables.deleteFrom('cce_answers').where('id', '=', id).execute();
  }

  /** Removes answers whose time is over. */
  async sweep(): Promise<void> {
    await this.#tables
      .deleteFrom('cce_answers')
      .where('created_ms', '<=', this.#store.clock.now() - KEPT_MS)
      .execute();
  }

  get #tables(): Kysely<QueueTables> {
    return this.#store.tables<QueueTables>();
  }
}
