import type { Dialect, Store } from '@fairlead/kernel/store';
import type { Kysely, Transaction } from 'kysely';

/** A store that one gateway loses from one moment to the next, as if its process had been killed; the rows stay. */
export class KillableStore implements Store {
  readonly #store: Store;
  #isKilled = false;

  constructor(store: Store) {
    this.#store = store;
  }

  get clock(): Store['clock'] {
    return this.#store.clock;
  }

  get dialect(): Dialect {
    return this.#store.dialect;
  }

  kill(): void {
    this.#isKilled = true;
  }

  tables<Schema>(): Kysely<Schema> {
    if (this.#isKilled) throw new Error('this gateway was killed');
    return this.#store.tables<Schema>();
  }

  transaction<Schema, T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    if (this.#isKilled) throw new Error('this gateway was killed');
    return this.#store.transaction(work);
  }

  isUniqueViolation(error: unknown): boolean {
    return this.#store.isUniqueViolation(error);
  }

  /** The rows belong to the test, not to the gateway. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
