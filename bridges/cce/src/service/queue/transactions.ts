import type { Operation } from '@fairlead/cscp/codec';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { CceError } from '../../errors.ts';
import { QUEUE_PURPOSE, type QueueLimits, type QueueOwner, QueueRows, type QueueWishes, type TakenQueue } from '../../store/queue.ts';
import { decodeOperation, encodeOperation } from './entry.ts';

export interface TransactionsParts {
  readonly store: Store;
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  /** `dts_idle`, milliseconds. */
  readonly idleMs: number;
  /** Other limits than those of cce 8.2, for tests. */
  readonly limits?: Partial<QueueLimits> | undefined;
}

/** What a transaction holds when it is committed. */
export interface QueuedTransaction extends TakenQueue {
  readonly operations: readonly Operation[];
}

const MOST_COMMANDS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Transactions of the JSON face before they are committed (cce 8.2): commands that wait, sealed, in rows. */
export class Transactions {
  readonly #rows: QueueRows;
  readonly #secrets: TransactionsParts['secrets'];

  constructor({ store, secrets, idleMs, limits }: TransactionsParts) {
    this.#secrets = secrets;
    this.#rows = new QueueRows(store, { commands: MOST_COMMANDS, bytes: MOST_BYTES, idleMs, ...limits });
  }

  /** Begins anew; answers how many commands an earlier one held, undefined when there was none. */
  async begin(owner: QueueOwner, options: QueueWishes): Promise<number | undefined> {
    await this.#rows.sweep();
    return await this.#rows.begin(owner, options);
  }

  /** Whether one is open, and whether its commands may name what earlier ones made. */
  async find(owner: QueueOwner): Promise<{ readonly refs: boolean } | undefined> {
    const row = await this.#rows.find(owner);
    return row && { refs: row.refs === 1 };
  }

  /** Adds a command; false when the transaction has ended meanwhile. Throws `CCE_QUEUE_FULL`. */
  async add(owner: QueueOwner, operation: Operation): Promise<boolean> {
    const text = encodeOperation(operation);
    const oid = 'oid' in operation && /^\d+$/.test(operation.oid) ? operation.oid : undefined;
    const outcome = await this.#rows.add(owner, { sealed: this.#secrets.seal(QUEUE_PURPOSE, text), oid, bytes: Buffer.byteLength(text) });
    if (outcome === 'full') throw CceError('CCE_QUEUE_FULL');
    return outcome === 'queued';
  }

  /** Takes it away to be committed; undefined when there is none. */
  async take(owner: QueueOwner): Promise<QueuedTransaction | undefined> {
    const taken = await this.#rows.take(owner);
    if (taken === undefined) return undefined;
    return { ...taken, operations: taken.rows.map(({ command }) => decodeOperation(this.#secrets.open(QUEUE_PURPOSE, command))) };
  }

  /** Undoes `take`, when nothing of the transaction can have reached the backend. */
  putBack(taken: QueuedTransaction): Promise<void> {
    return this.#rows.putBack(taken);
  }

  drop(key: string): Promise<void> {
    return this.#rows.drop(key);
  }

  /** Forgets those that nobody touched for too long. */
  sweep(): Promise<void> {
    return this.#rows.sweep();
  }

  /** Objects that queued commands name. */
  heldOids(): Promise<ReadonlySet<number>> {
    return this.#rows.heldOids();
  }
}
