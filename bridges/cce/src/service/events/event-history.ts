import type { CommitRecord } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import { CceError } from '../../errors.ts';
import type { EventRows } from '../../store/event-rows.ts';
import type { EventRow } from '../../store/queue-tables.ts';
import type { Backend } from '../backend.ts';

export interface EventHistoryParts {
  readonly rows: EventRows;
  readonly backend: Pick<Backend, 'onCommit'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}

/** Who waits looks into the store every second. */
const MOST_WATCHERS = 200;
/** Another gateway on the store wakes nobody here: its events are found this late at most. */
const LOOK_MS = 1000;

/** Keeps what was committed as events that can be replayed (cce 12.1), and wakes whoever waits for more. */
export class EventHistory implements AsyncDisposable {
  readonly #parts: EventHistoryParts;
  readonly #stop: () => void;
  readonly #waiting = new Set<() => void>();
  #watchers = 0;
  #pending: Omit<EventRow, 'id'>[] = [];
  #writing: Promise<void> | undefined;

  constructor(parts: EventHistoryParts) {
    this.#parts = parts;
    this.#stop = parts.backend.onCommit((commit) => this.#take(commit));
  }

  /** Events after a number, oldest first. */
  after(id: number, limit: number): Promise<readonly EventRow[]> {
    return this.#parts.rows.after(id, limit);
  }

  /** Number of the newest event, 0 when there is none. */
  last(): Promise<number> {
    return this.#parts.rows.last();
  }

  /** How many wait now. */
  get watchers(): number {
    return this.#watchers;
  }

  /** A place among those who wait, until it is given back. Throws `CCE_TOO_MANY_WATCHERS`. */
  watch(): Disposable {
    if (this.#watchers >= MOST_WATCHERS) throw CceError('CCE_TOO_MANY_WATCHERS');
    this.#watchers += 1;
    return {
      [Symbol.dispose]: () => {
        this.#watchers -= 1;
      },
    };
  }

  /** Ends when there may be new events, and after a second in any case. Rejects when the signal aborts. */
  async more(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended = new AbortController();
    this.#waiting.add(resolve);
    try {
      await Promise.race([promise, this.#parts.clock.sleep(LOOK_MS, AbortSignal.any([signal, ended.signal]))]);
    } finally {
      this.#waiting.delete(resolve);
      ended.abort();
    }
  }

  #take(commit: CommitRecord): void {
    this.#pending.push(...rowsOf(commit));
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const rows = this.#pending;
        this.#pending = [];
        await this.#parts.rows.add(rows);
      }
    } catch (error) {
      this.#parts.log.error({ err: error }, 'events could not be kept');
    }
    this.#writing = undefined;
    for (const wake of this.#waiting) wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#writing;
  }
}

function rowsOf(commit: CommitRecord): Omit<EventRow, 'id'>[] {
  return commit.changes.flatMap(({ oid, class: name, kind, values }) => {
    const row = { txn: commit.transaction, oid, class: name, kind, at_ms: commit.atMs };
    if (kind !== 'modify') return [{ ...row, namespace: '', property: '' }];
    return [...values].flatMap(([namespace, changed]) => [...changed.keys()].map((property) => ({ ...row, namespace, property })));
  });
}
