import { ManualClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, openStore, type Store } from '@fairlead/kernel/store';
import { freshDatabase } from '@fairlead/testkit/db';
import { cyberappMigrations } from '../../src/store/migrations.ts';

/** An empty store with the tables of this bridge. */
export interface Place extends AsyncDisposable {
  readonly store: Store;
  readonly clock: ManualClock;
  /** What another gateway of the cluster has; the same on SQLite. */
  readonly other: Store;
}

export type NewPlace = () => Promise<Place>;

export async function sqlitePlace(): Promise<Place> {
  const clock = new ManualClock();
  const store = await openStore({ url: ':memory:', stateDir: '/nonexistent', log: silentLog(), clock });
  await migrate(store, cyberappMigrations);
  return { store, clock, other: store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

export async function postgresPlace(): Promise<Place> {
  await using scope = new AsyncScope();
  const clock = new ManualClock();
  const { url } = scope.use(await freshDatabase());
  const open = async () => scope.use(await openStore({ url, stateDir: '/nonexistent', log: silentLog(), clock }));
  const [store, other] = [await open(), await open()];
  await migrate(store, cyberappMigrations);
  const held = scope.move();
  return { store, clock, other, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}
