import { ManualClock } from '@fairlead/kernel/clock';
import { SqlStorage } from '../../src/index.ts';
import type { StoragePlace } from './storage-suite.ts';
import { newStore } from './world.ts';

/** Two gateways on one database, which goes with them. */
export async function twoStoresOn(url: string, database: AsyncDisposable) {
  const clock = new ManualClock();
  const [one, other] = [await newStore(url, clock), await newStore(url, clock)];
  return {
    clock,
    one,
    other,
    async [Symbol.asyncDispose]() {
      for (const { store } of [one, other]) await store[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Each opening is the other gateway's turn. */
export function inTurn(place: Awaited<ReturnType<typeof twoStoresOn>>): StoragePlace {
  let turn = 0;
  return {
    open: () => {
      turn += 1;
      return new SqlStorage((turn % 2 === 0 ? place.one : place.other).store);
    },
    advance: (ms) => place.clock.advance(ms),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
