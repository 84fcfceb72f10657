import type { Store } from '@fairlead/kernel/store';
import type { PushClient } from '../../src/service/push/push-client.ts';
import { withWorkloads } from './connector-world.ts';

/** What a gateway that was killed would say, if it could. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** Kills whoever uses its store and client at a given step: before and after each write, at Acronis and in the store. */
export class Executioner {
  readonly #at: number;
  #steps = 0;
  #isDead = false;
  #where = '';

  /** @param at the step, from 1 */
  constructor(at: number) {
    this.#at = at;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** After what it died. */
  get where(): string {
    return this.#where;
  }

  /** After death nothing is done any more, whatever is caught. */
  live(): void {
    if (this.#isDead) throw new Killed();
  }

  step(what: string): void {
    this.live();
    this.#steps += 1;
    if (this.#steps !== this.#at) return;
    this.#isDead = true;
    this.#where = what;
    throw new Killed();
  }
}

export function mortalStore(store: Store, death: Executioner): Store {
  return {
    dialect: store.dialect,
    clock: store.clock,
    tables: () => {
      death.live();
      return store.tables();
    },
    transaction: async (work) => {
      death.step('before a transaction');
      const value = await store.transaction(work as never);
      death.step('after a transaction');
      return value as never;
    },
    isUniqueViolation: (error) => store.isUniqueViolation(error),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export function mortalClient(client: PushClient, death: Executioner): PushClient {
  const written = async <T>(what: string, write: () => Promise<T>): Promise<T> => {
    death.step(`before ${what}`);
    const value = await write();
    death.step(`after ${what}`);
    return value;
  };
  const { alerts } = client;
  const mortal = withWorkloads(client, {
    create: (drafts, signal) => written('a creation', () => client.workloads.create(drafts, signal)),
    update: (id, change, signal) => written('an update', () => client.workloads.update(id, change, signal)),
    remove: (ids, signal) => written('a removal', () => client.workloads.remove(ids, signal)),
  });
  return {
    ...mortal,
    alerts: {
      create: (draft, signal) => written('an alert', () => alerts.create(draft, signal)),
      dismiss: (id, signal) => written('a dismissal', () => alerts.dismiss(id, signal)),
      list: (query, signal) => alerts.list(query, signal),
      findBySource: (source, stamp, signal) => alerts.findBySource(source, stamp, signal),
      get: (id, signal) => alerts.get(id, signal),
    },
  };
}
