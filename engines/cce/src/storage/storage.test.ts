import { ManualClock } from '@fairlead/kernel/clock';
import { testStorage } from '../../test/support/storage-suite.ts';
import { newStore } from '../../test/support/world.ts';
import { MemoryStorage } from './memory-storage.ts';
import { SqlStorage } from './sql-storage.ts';

testStorage('memory', async () => {
  const storage = new MemoryStorage();
  return { open: () => storage, [Symbol.asyncDispose]: async () => undefined };
});

testStorage('SQLite in memory', async () => {
  const clock = new ManualClock();
  const { store } = await newStore(':memory:', clock);
  return {
    open: () => new SqlStorage(store),
    advance: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
});
