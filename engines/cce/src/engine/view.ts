import type { Caller, Target } from '../access/subject.ts';
import type { Schema } from '../schema/schema.ts';
import type { StoredObject } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import type { Identity } from './identity.ts';
import type { Layer, PendingObject } from './overlay.ts';
import type { Transaction } from './transaction.ts';
import { anyValueOf, type ObjectState } from './values.ts';

/** Where a command of a transaction reads and writes. */
export interface Scope {
  readonly transaction: Transaction;
  readonly layer: Layer;
}

/** The objects as one command sees them: those of the store, each read once, under what the transaction made of them. */
export class View {
  readonly schema: Schema;
  readonly #core: EngineCore;
  readonly #scope: Scope | undefined;
  readonly #seen = new Map<number, StoredObject | undefined>();

  constructor(core: EngineCore, scope: Scope | undefined) {
    this.#core = core;
    this.#scope = scope;
    this.schema = (scope?.transaction ?? core).language.schema;
  }

  /** Reads objects in one pass, for what is asked later. */
  async load(oids: readonly number[]): Promise<void> {
    const missing = oids.filter((oid) => !this.#scope?.transaction.holds(oid) && !this.#seen.has(oid));
    if (missing.length === 0) return;
    const found = await this.#core.cache.read(missing);
    for (const oid of missing) this.#seen.set(oid, found.get(oid));
  }

  /** As before the transaction; undefined when there is none, or its class is in no schema (cce 3.2). */
  async committed(oid: number): Promise<StoredObject | undefined> {
    await this.load([oid]);
    const held = this.#scope?.transaction.holds(oid);
    const object = held ? this.#scope?.transaction.base(oid) : this.#seen.get(oid);
    return object && this.schema.classes.has(object.class) ? object : undefined;
  }

  /** What the transaction made of it, if anything. */
  pending(oid: number): PendingObject | undefined {
    return this.#scope?.layer.find(oid);
  }

  /** As the transaction has it; undefined when there is none or it is gone. */
  async state(oid: number): Promise<ObjectState | undefined> {
    const pending = this.pending(oid);
    if (!pending) return this.committed(oid);
    return pending.gone ? undefined : pending;
  }

  /** All that the transaction made, of one class. */
  pendingOf(className: string): ReadonlyMap<number, PendingObject> {
    return this.#scope?.layer.ofClass(className) ?? new Map();
  }

  target(state: ObjectState): Target {
    return {
      oid: state.oid,
      class: state.class,
      property: async (namespace, name) => anyValueOf(this.schema, state, namespace, name),
    };
  }

  /**
   * Who asks, as rules see it: as committed, since what a transaction makes of its own caller has not passed the handlers that may refuse it, and
   * may be undone before they look. A User that is there no more, is disabled, or is another one by now, has the rights of nobody.
   */
  async caller(identity: Identity): Promise<Caller> {
    const user = identity.oid === 0 ? undefined : await this.committed(identity.oid);
    const alive = user && this.#isStill(user, identity.name) ? user : undefined;
    const flag = alive ? anyValueOf(this.schema, alive, '', 'systemAdministrator') : '';
    return {
      oid: alive || identity.admin ? identity.oid : 0,
      sysadmin: identity.admin || (flag !== '' && flag !== '0'),
      property: async (namespace, name) => (alive ? anyValueOf(this.schema, alive, namespace, name) : ''),
    };
  }

  #isStill(user: StoredObject, name: string): boolean {
    if (user.class !== 'User' || anyValueOf(this.schema, user, '', 'name') !== name) return false;
    const enabled = anyValueOf(this.schema, user, '', 'enabled');
    return enabled !== '' && enabled !== '0';
  }
}
