import { ManualClock } from '@fairlead/kernel/clock';
import { expect, test } from 'vitest';
import { testStorage } from '../../test/support/storage-suite.ts';
import { newStore } from '../../test/support/world.ts';
import { toBody } from './body.ts';
import { MemoryStorage } from './memory-storage.ts';
import { SqlStorage } from './sql-storage.ts';
import type { CodbTables } from './tables.ts';

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

test('a text is looked for in so many objects at a time, until the last', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  const objects = Array.from({ length: 5003 }, (_none, at) => ({
    oid: at + 1,
    class: 'A',
    values: new Map([['', new Map([['t', at === 5001 ? 'needle' : 'hay']])]]),
    index: [],
    seen: undefined,
  }));
  await store.transaction<CodbTables, void>(async (trx) => {
    const rows = objects.map(({ oid, class: className, values }) => ({ oid, class: className, version: 1, body: toBody(values) }));
    for (let at = 0; at < rows.length; at += 500)
      await trx
        .insertInto('codb_objects')
        .values(rows.slice(at, at + 500))
        .execute();
  });
  const first = await storage.scan({ class: 'A', after: 0, limit: 10, containing: 'needle' });

  expect(first).toEqual({ objects: [], next: 5000 });
  const second = await storage.scan({ class: 'A', after: 5000, limit: 10, containing: 'needle' });
  expect(second.objects.map(({ oid }) => oid)).toEqual([5002]);
  expect(second.next).toBeUndefined();
});
