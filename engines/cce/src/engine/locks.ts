import type { Clock } from '@fairlead/kernel/clock';

/** Who holds locks: one transaction with all its branches, so that its handlers may touch what it holds. */
export interface LockOwner {
  readonly id: string;
}

interface Lock {
  owner: LockOwner;
  readonly waiting: Waiter[];
}

interface Waiter {
  readonly owner: LockOwner;
  readonly enter: () => void;
}

export type LockOutcome = 'held' | 'conflict';

/** How long a writer waits for another. */
export const LOCK_WAIT_MS = 30_000;

/**
 * One writer at a time for each object (cce 4.4), in the order of arrival. Who waits longer than the limit, or would wait for somebody who waits
 * for it, has a conflict instead.
 */
export class Locks {
  readonly #clock: Clock;
  readonly #locks = new Map<number, Lock>();
  readonly #waits = new Map<LockOwner, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** OIDs that a transaction names at present. */
  oids(): Iterable<number> {
    return this.#locks.keys();
  }

  /** Held until `release`; again at once for who holds it already. Rejects with the reason of the signal. */
  async acquire(oid: number, owner: LockOwner, signal: AbortSignal): Promise<LockOutcome> {
    signal.throwIfAborted();
    const lock = this.#locks.get(oid);
    if (!lock) {
      this.#locks.set(oid, { owner, waiting: [] });
      return 'held';
    }
    if (lock.owner === owner) return 'held';
    if (this.#wouldDeadlock(oid, owner)) return 'conflict';
    this.#waits.set(owner, oid);
    try {
      return await this.#wait(lock, owner, signal);
    } finally {
      this.#waits.delete(owner);
    }
  }

  release(oids: Iterable<number>, owner: LockOwner): void {
    for (const oid of oids) {
      const lock = this.#locks.get(oid);
      if (lock?.owner !== owner) continue;
      const next = lock.waiting.shift();
      if (!next) {
        this.#locks.delete(oid);
        continue;
      }
      lock.owner = next.owner;
      next.enter();
    }
  }

  async #wait(lock: Lock, owner: LockOwner, signal: AbortSignal): Promise<LockOutcome> {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<LockOutcome>();
    const waiter = { owner, enter: () => resolve('held') };
    lock.waiting.push(waiter);
    const limit = this.#clock.sleep(LOCK_WAIT_MS, AbortSignal.any([stop.signal, signal])).then((): LockOutcome => 'conflict');
    try {
      const outcome = await Promise.race([promise, limit]);
      return lock.owner === owner ? 'held' : outcome;
    } catch (error) {
      this.#giveBackIfEntered(lock, owner);
      throw error;
    } finally {
      const place = lock.waiting.indexOf(waiter);
      if (place >= 0) lock.waiting.splice(place, 1);
      stop.abort();
    }
  }

  /** Entered and aborted in the same turn: the lock goes on to the next, since its owner does not know of it. */
  #giveBackIfEntered(lock: Lock, owner: LockOwner): void {
    if (lock.owner !== owner) return;
    const entry = [...this.#locks].find(([, one]) => one === lock);
    if (entry) this.release([entry[0]], owner);
  }

  #wouldDeadlock(oid: number, owner: LockOwner): boolean {
    const seen = new Set<LockOwner>();
    let holder = this.#locks.get(oid)?.owner;
    while (holder && !seen.has(holder)) {
      if (holder === owner) return true;
      seen.add(holder);
      const next = this.#waits.get(holder);
      holder = next === undefined ? undefined : this.#locks.get(next)?.owner;
    }
    return false;
  }
}
