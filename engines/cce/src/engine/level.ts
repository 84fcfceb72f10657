import type { ReplyLine } from '@fairlead/cscp/codec';
import type { Binding, HandlerEvent } from '../handlers/handler.ts';
import type { Layer } from './overlay.ts';
import type { Transaction } from './transaction.ts';
import type { Scope } from './view.ts';

/** A CLEANUP handler that is still to run, with its events. */
export interface Cleanup {
  readonly binding: Binding;
  readonly events: readonly HandlerEvent[];
}

/**
 * One dispatch and the changes that it is about: that of the client at the top, below it those of the writes of its handlers (cce 4.5). What a level
 * changed becomes part of the one above when it succeeds.
 */
export class Level implements Scope {
  readonly transaction: Transaction;
  readonly parent: Level | undefined;
  readonly layer: Layer;
  readonly depth: number;
  /** Only the VALIDATE stage, and nothing is kept (cce 12.6). */
  dryRun: boolean;
  /** BADDATA for whoever caused this dispatch, the last message for each property (cce 4.6). */
  readonly badData = new Map<string, ReplyLine>();
  /** In the order of collection: those of nested dispatches first (cce 4.3). */
  readonly cleanups: Cleanup[] = [];

  constructor(parts: { readonly transaction: Transaction; readonly parent?: Level | undefined }) {
    this.transaction = parts.transaction;
    this.parent = parts.parent;
    this.layer = parts.parent ? parts.parent.layer.branch() : parts.transaction.layer;
    this.depth = parts.parent ? parts.parent.depth + 1 : 1;
    this.dryRun = parts.parent?.dryRun ?? false;
  }

  branch(): Level {
    return new Level({ transaction: this.transaction, parent: this });
  }

  /** Makes the changes of a nested level part of the one above, with what is still to clean up. */
  join(): void {
    this.layer.mergeIntoParent();
    this.parent?.cleanups.push(...this.cleanups);
  }
}
