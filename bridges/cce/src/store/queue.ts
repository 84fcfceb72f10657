import { newUuid } from '@fairlead/kernel/ids';
import type { SealedColumn } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import type { Kysely, Transaction } from 'kysely';
import type { QueuedRow, QueueRow, QueueTables } from './queue-tables.ts';

/** Whose queue. */
export interface QueueOwner {
  readonly key: string;
  readonly user: string;
}

export interface QueueLimits {
  readonly commands: number;
  readonly bytes: number;
  /** Milliseconds without a command after which a queue is gone. */
  readonly idleMs: number;
}

/** What BEGIN said. */
export interface QueueWishes {
  readonly refs: boolean;
  readonly atomic: boolean | undefined;
}

/** A queue that COMMIT has taken away, as it was. */
export interface TakenQueue extends QueueWishes {
  readonly queue: QueueRow;
  /** In their order; the commands are sealed. */
  readonly rows: readonly QueuedRow[];
}

/** Rows in one statement. */
const CHUNK = 100;

/** What `Secrets.seal` is given for queued commands. */
export const QUEUE_PURPOSE = 'cce.queue';

/** For the resealing under another server secret. */
export const queueSealed: readonly SealedColumn[] = [{ table: 'cce_queue', id: 'id', column: 'command', purpose: QUEUE_PURPOSE }];

/** Rows of the queues (cce 8.2), which any gateway on the store can add to. */
export class QueueRows {
  readonly #store: Store;
  readonly #limits: QueueLimits;

  constructor(store: Store, limits: QueueLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** An empty queue; answers how many commands of an earlier one it replaces, undefined when there was none. */
  begin(owner: QueueOwner, { refs, atomic }: QueueWishes): Promise<number | undefined> {
    const row: QueueRow = {
      queue_key: owner.key,
      id: newUuid(),
      user_name: owner.user,
      refs: Number(refs),
      atomic: atomic === undefined ? null : Number(atomic),
      commands: 0,
      bytes: 0,
      touched_ms: this.#store.clock.now(),
    };
    return this.#store.transaction(async (trx: Transaction<QueueTables>) => {
      const discarded = await this.#remove(trx, owner.key);
      await trx
        .insertInto('cce_queues')
        .values(row)
        .onConflict((conflict) => conflict.column('queue_key').doUpdateSet(row))
        .execute();
      return discarded;
    });
  }

  /** The open queue of this owner. */
  async find(owner: QueueOwner): Promise<Pick<QueueRow, 'id' | 'refs'> | undefined> {
    return await this.#open(this.#tables, owner).executeTakeFirst();
  }

  /** Adds a sealed command; `full` beyond the limits, `none` when there is no such queue any more. */
  add(
    owner: QueueOwner,
    command: { readonly sealed: string; readonly oid: string | undefined; readonly bytes: number },
  ): Promise<'queued' | 'full' | 'none'> {
    return this.#store.transaction(async (trx: Transaction<QueueTables>) => {
      const now = this.#store.clock.now();
      const row = await trx
        .updateTable('cce_queues')
        .set((eb) => ({ commands: eb('commands', '+', 1), bytes: eb('bytes', '+', command.bytes), touched_ms: now }))
        .where('queue_key', '=', owner.key)
        .where('user_name', '=', owner.user)
        .where('touched_ms', '>', now - this.#limits.idleMs)
        .where('commands', '<', this.#limits.commands)
        .where('bytes', '<=', this.#limits.bytes - command.bytes)
        .returning(['id', 'commands'])
        .executeTakeFirst();
      if (row === undefined) return (await this.#open(trx, owner).executeTakeFirst()) === undefined ? 'none' : 'full';
      const { sealed, oid = null } = command;
      await trx
        .insertInto('cce_queue')
        .values({ id: newUuid(), queue_id: row.id, position: row.commands - 1, oid, command: sealed })
        .execute();
      return 'queued';
    });
  }

  /** Takes the queue away for COMMIT: of two at once one gets it. */
  take(owner: QueueOwner): Promise<TakenQueue | undefined> {
    return this.#store.transaction(async (trx: Transaction<QueueTables>) => {
      const queue = await trx
        .deleteFrom('cce_queues')
        .where('queue_key', '=', owner.key)
        .where('user_name', '=', owner.user)
        .where('touched_ms', '>', this.#store.clock.now() - this.#limits.idleMs)
        .returningAll()
        .executeTakeFirst();
      if (queue === undefined) return undefined;
      const rows = await trx.selectFrom('cce_queue').selectAll().where('queue_id', '=', queue.id).orderBy('position').execute();
      await trx.deleteFrom('cce_queue').where('queue_id', '=', queue.id).execute();
      const atomic = queue.atomic === null ? undefined : queue.atomic === 1;
      return { refs: queue.refs === 1, atomic, queue, rows };
    });
  }

  /** Puts a taken queue back as it was, with what was left of its idle life; not where its owner has begun another one meanwhile. */
  putBack({ queue, rows }: TakenQueue): Promise<void> {
    return this.#store.transaction(async (trx: Transaction<QueueTables>) => {
      const made = await trx
        .insertInto('cce_queues')
        .values(queue)
        .onConflict((conflict) => conflict.column('queue_key').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) return;
      for (let at = 0; at < rows.length; at += CHUNK) {
        await trx
          .insertInto('cce_queue')
          .values(rows.slice(at, at + CHUNK))
          .execute();
      }
    });
  }

  async drop(key: string): Promise<void> {
    await this.#store.transaction((trx: Transaction<QueueTables>) => this.#remove(trx, key));
  }

  /** Removes queues that nobody has used for their idle life. */
  async sweep(): Promise<void> {
    const before = this.#store.clock.now() - this.#limits.idleMs;
    await this.#store.transaction(async (trx: Transaction<QueueTables>) => {
      const gone = await trx.deleteFrom('cce_queues').where('touched_ms', '<=', before).returning('id').execute();
      for (const { id } of gone) await trx.deleteFrom('cce_queue').where('queue_id', '=', id).execute();
    });
  }

  /** Objects that queued commands name: their OIDs are not given away again meanwhile (cce 3.1). */
  async heldOids(): Promise<ReadonlySet<number>> {
    const rows = await this.#tables.selectFrom('cce_queue').select('oid').distinct().where('oid', 'is not', null).execute();
    return new Set(rows.map((row) => Number(row.oid)));
  }

  get #tables(): Kysely<QueueTables> {
    return this.#store.tables<QueueTables>();
  }

  #open(db: Kysely<QueueTables>, owner: QueueOwner) {
    return db
      .selectFrom('cce_queues')
      .select(['id', 'refs'])
      .where('queue_key', '=', owner.key)
      .where('user_name', '=', owner.user)
      .where('touched_ms', '>', this.#store.clock.now() - this.#limits.idleMs);
  }

  async #remove(trx: Transaction<QueueTables>, key: string): Promise<number | undefined> {
    const gone = await trx.deleteFrom('cce_queues').where('queue_key', '=', key).returning(['id', 'commands']).executeTakeFirst();
    if (gone === undefined) return undefined;
    await trx.deleteFrom('cce_queue').where('queue_id', '=', gone.id).execute();
    return gone.commands;
  }
}
