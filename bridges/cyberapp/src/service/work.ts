import type { Store } from '@fairlead/kernel/store';
import type { Db } from '../store/queries.ts';
import type { CyberappTables } from '../store/tables.ts';

/** What a callback works on: of a write, the transaction that ends with its answer. Made here, handed on by the face. */
export interface Work {
  readonly store: Store;
  readonly db: Db;
}

/** For a callback that only reads. */
export function readingWork(store: Store): Work {
  return { store, db: store.tables<CyberappTables>() };
}
