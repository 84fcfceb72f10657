import { createHash } from 'node:crypto';
import type { Store } from '@fairlead/kernel/store';
import { sql } from 'kysely';
import { CyberappError } from '../errors.ts';
import type { Db } from '../store/queries.ts';
import type { CyberappTables } from '../store/tables.ts';
import { isDeadlock } from './store-away.ts';
import type { Work } from './work.ts';

export interface WriteRequest {
  readonly organizationId: string;
  /** Lower case. */
  readonly requestId: string;
  readonly callbackId: string;
  /** `writeDigest` of what it asks for. */
  readonly digest: string;
  readonly keepMs: number;
}

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

export interface OnceOutcome {
  readonly answer: KeptAnswer;
  /** It was given before; nothing was done now. */
  readonly replayed: boolean;
}

/** SHA-256 over what a write asks for, members in a fixed order. */
export function writeDigest(facts: { readonly payload: unknown; readonly tenantId: string; readonly datacenterId: string }): string {
  const text = JSON.stringify([facts.tenantId, facts.datacenterId, canonical(facts.payload)]);
  return createHash('sha256').update(text).digest('hex');
}

/** Two writes that wait for each other: one of them begins again. */
const MOST_TRIES = 3;
/** How long a write waits for another one (cyberapp 2.10). SQLite runs one after the other anyway. */
const LOCK_MS = 5000;

/** Ends a transaction whose request another one has carried out meanwhile. */
class Outrun extends Error {}

/**
 * Carries out writes once for each request id of an organization, because Acronis may ask again when an answer was lost (cyberapp 2.10).
 * Id, effect and answer are one transaction: of two requests at once the second waits and gets the answer of the first, byte for byte.
 */
export class Replays {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * `work` gives the answer of its effect. When it throws, nothing of the effect stays; what `refusalOf` makes of the error is kept as
   * the answer, without one the error is thrown and the id stays free. Throws CYBERAPP_REPLAY_MISMATCH for an id of another request.
   */
  async once(
    request: WriteRequest,
    work: (work: Work) => Promise<KeptAnswer>,
    refusalOf: (error: unknown) => KeptAnswer | undefined,
  ): Promise<OnceOutcome> {
    const kept = await this.#find(request);
    if (kept !== undefined) return { answer: kept, replayed: true };
    try {
      return { answer: await this.#carryOut(request, work), replayed: false };
    } catch (error) {
      return await this.#ended(request, error, refusalOf(error));
    }
  }

  /** Forgets answers that need not be repeated any more. */
  async sweep(): Promise<number> {
    const gone = await this.#store
      .tables<CyberappTables>()
      .deleteFrom('cyberapp_requests')
      .where('expires_ms', '<=', this.#store.clock.now())
      .executeTakeFirst();
    return Number(gone.numDeletedRows);
  }

  async #carryOut(request: WriteRequest, work: (work: Work) => Promise<KeptAnswer>): Promise<KeptAnswer> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#store.transaction<CyberappTables, KeptAnswer>(async (trx) => {
          await this.#claim(trx, request);
          const made = await work({ store: this.#store, db: trx });
          await this.#fill(trx, request, made);
          return made;
        });
      } catch (error) {
        if (tries >= MOST_TRIES || !isDeadlock(error)) throw error;
      }
    }
  }

  async #ended(request: WriteRequest, error: unknown, refusal: KeptAnswer | undefined): Promise<OnceOutcome> {
    if (!(error instanceof Outrun)) {
      if (refusal === undefined) throw error;
      const isKept = await this.#store
        .transaction<CyberappTables, void>(async (trx) => {
          await this.#claim(trx, request);
          await this.#fill(trx, request, refusal);
        })
        .then(() => true, outrun);
      if (isKept) return { answer: refusal, replayed: false };
    }
    const kept = await this.#find(request);
    // The other one was refused in a way that is not kept: this one may be asked again.
    if (kept === undefined) throw CyberappError('CYBERAPP_UNAVAILABLE', {}, { retryAfterS: 1 });
    return { answer: kept, replayed: true };
  }

  async #find({ organizationId, requestId, callbackId, digest }: WriteRequest): Promise<KeptAnswer | undefined> {
    const row = await this.#store
      .tables<CyberappTables>()
      .selectFrom('cyberapp_requests')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('request_id', '=', requestId)
      .where('expires_ms', '>', this.#store.clock.now())
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (row.callback_id !== callbackId || row.digest !== digest) throw CyberappError('CYBERAPP_REPLAY_MISMATCH');
    return { status: row.status, body: row.response };
  }

  /** Waits for whoever holds the id; throws Outrun when that one has succeeded. */
  async #claim(trx: Db, { organizationId, requestId, callbackId, digest, keepMs }: WriteRequest): Promise<void> {
    const now = this.#store.clock.now();
    if (this.#store.dialect === 'postgres') await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(trx);
    await trx
      .deleteFrom('cyberapp_requests')
      .where('organization_id', '=', organizationId)
      .where('request_id', '=', requestId)
      .where('expires_ms', '<=', now)
      .execute();
    const ids = { organization_id: organizationId, request_id: requestId, callback_id: callbackId, digest };
    const made = await trx
      .insertInto('cyberapp_requests')
      .values({ ...ids, status: 0, response: '', created_ms: now, expires_ms: now + keepMs })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows !== 1n) throw new Outrun();
  }

  async #fill(trx: Db, { organizationId, requestId }: WriteRequest, { status, body }: KeptAnswer): Promise<void> {
    await trx
      .updateTable('cyberapp_requests')
      .set({ status, response: body })
      .where('organization_id', '=', organizationId)
      .where('request_id', '=', requestId)
      .execute();
  }
}

function outrun(error: unknown): false {
  if (error instanceof Outrun) return false;
  throw error;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(canonical)];
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return ['object', ...members.map(([key, inner]) => [key, canonical(inner)])];
}
