import type { ReplyLine } from '@fairlead/cscp/codec';
import { newUuid } from '@fairlead/kernel/ids';
import type { StoredObject } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import type { Identity } from './identity.ts';
import type { Language } from './language.ts';
import type { LockOutcome } from './locks.ts';
import { Layer } from './overlay.ts';

/** How long an open transaction may wait for its next command. */
const IDLE_MS = 5 * 60_000;

/**
 * One transaction with all that its handlers do (cce 4.4, 4.5). Nothing of it is in the store before its commit; objects are locked as they are written,
 * and locks and reserved OIDs are given back at its end.
 */
export class Transaction {
  readonly id = newUuid();
  readonly layer = new Layer();
  readonly language: Language;
  /** Whom handlers and records are told: who opened it, then who wrote first. */
  caller: Identity;
  readonly peer: string;
  /** INFO and WARN of all levels, in the order of emission (cce 4.6). */
  readonly messages: ReplyLine[] = [];
  /** Whether handlers have been started, so that a failure is a rollback (cce 12.2). */
  handlersStarted = false;
  /** Events that rollback handlers were told of. */
  readonly rolledBack: string[] = [];
  /** An object that somebody else has changed or holds, so that a write of a handler was refused: if the handler fails, that is why. */
  conflict: number | undefined;
  readonly #core: EngineCore;
  readonly #bases = new Map<number, StoredObject | undefined>();
  readonly #read = new Map<number, number>();
  readonly #reserved = new Set<number>();
  #rest: AbortController | undefined;
  #hasWriter = false;
  #ended = false;

  constructor(core: EngineCore, of: { readonly identity: Identity; readonly peer: string }) {
    this.#core = core;
    this.language = core.language;
    this.caller = of.identity;
    this.peer = of.peer;
  }

  /**
   * Whether this caller may go on with it. Handlers judge all of a transaction by one caller, so whoever has logged in as somebody else since the
   * first write would have that one's rights, or none to be checked.
   */
  mayBeWrittenBy({ oid, admin }: Identity): boolean {
    return !this.#hasWriter || (this.caller.oid === oid && this.caller.admin === admin);
  }

  writtenBy(identity: Identity): void {
    if (!this.#hasWriter) this.caller = identity;
    this.#hasWriter = true;
  }

  /** Locks an object for writing and looks at it anew; a conflict when it is not as GET showed it. Rejects with the reason of the signal. */
  async lock(oid: number, signal: AbortSignal): Promise<LockOutcome> {
    if (this.#ended) return 'conflict';
    const outcome = await this.#core.locks.acquire(oid, this, signal);
    if (outcome === 'conflict') return outcome;
    if (this.#ended) {
      this.#core.locks.release([oid], this);
      return 'conflict';
    }
    if (this.#bases.has(oid)) return 'held';
    const seen = await this.#lookAnew(oid);
    if (seen === 'conflict') this.#core.locks.release([oid], this);
    return seen;
  }

  async #lookAnew(oid: number): Promise<LockOutcome> {
    try {
      const base = (await this.#core.cache.read([oid])).get(oid);
      if (this.#read.has(oid) && this.#read.get(oid) !== base?.version) return 'conflict';
      this.#bases.set(oid, base);
      return 'held';
    } catch (error) {
      // What is in no list of this transaction is given back by nobody else.
      this.#core.locks.release([oid], this);
      throw error;
    }
  }

  /** What GET showed of an object that is not locked: a later write of it must find it the same, or it would overwrite what it never saw. */
  noteRead(oid: number, version: number): void {
    if (!this.#bases.has(oid) && !this.#read.has(oid)) this.#read.set(oid, version);
  }

  /** Whether the object is locked by this transaction, so that `base` knows it. */
  holds(oid: number): boolean {
    return this.#bases.has(oid);
  }

  /** The object as it was in the store when it was locked. */
  base(oid: number): StoredObject | undefined {
    return this.#bases.get(oid);
  }

  /** The lowest OID that nobody names (cce 3.1), locked. */
  async reserve(signal: AbortSignal): Promise<number> {
    const oid = await this.#core.storage.reserveOid(await this.#core.namedOids());
    this.#reserved.add(oid);
    await this.#core.locks.acquire(oid, this, signal);
    this.#bases.set(oid, undefined);
    return oid;
  }

  /** How much is held, for `forgetSince`. */
  mark(): number {
    return this.#bases.size;
  }

  /** Gives back what was locked and reserved since: a refused write holds up nobody. */
  async forgetSince(mark: number): Promise<void> {
    const later = [...this.#bases.keys()].slice(mark);
    for (const oid of later) this.#bases.delete(oid);
    const reserved = later.filter((oid) => this.#reserved.delete(oid));
    this.#core.locks.release(later, this);
    await this.#giveBack(reserved);
  }

  /** Nothing is under way: unless `wake` is called in time, all is forgotten, since what is held is held from others. */
  rest(): void {
    const { clock, log, options } = this.#core;
    const idleMs = options.idleTransactionMs ?? IDLE_MS;
    this.#rest = new AbortController();
    const isOver = clock.sleep(idleMs, this.#rest.signal).then(
      () => true,
      () => false,
    );
    void isOver.then(async (over) => {
      if (!over) return;
      log.warn({ transaction: this.id, peer: this.peer, ms: idleMs }, 'a transaction that nobody went on with was discarded');
      await this.end();
      this.layer.clear();
    });
  }

  /** The next command is there; false when it comes too late. */
  wake(): boolean {
    this.#rest?.abort();
    this.#rest = undefined;
    return !this.#ended;
  }

  /** Everything that was not committed is forgotten, and everything that was held is free. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#rest?.abort();
    this.#core.locks.release(this.#bases.keys(), this);
    await this.#giveBack([...this.#reserved]);
  }

  /** What became of the transaction is no other for this: a reservation that stays ends by itself. */
  async #giveBack(oids: readonly number[]): Promise<void> {
    if (oids.length === 0) return;
    try {
      await this.#core.storage.release(oids);
    } catch (error) {
      this.#core.log.warn({ err: error, transaction: this.id }, 'reserved object ids could not be given back');
    }
  }

  /** These OIDs are objects now. */
  keep(oids: Iterable<number>): void {
    for (const oid of oids) this.#reserved.delete(oid);
  }
}
