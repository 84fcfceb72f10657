import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { testStorage } from './support/storage-suite.ts';
import { inTurn, twoStoresOn } from './support/two-stores.ts';
import { create, find, newWorld, plain, said, set, shownValue } from './support/world.ts';

async function twoStores() {
  const folder = await tempDir();
  return twoStoresOn(`sqlite:${join(folder.path, 'fairlead.db')}`, folder);
}

testStorage('SQLite file, two processes', async () => inTurn(await twoStores()));

test('cce 17.90, 17.91: two engines on one file see what the other committed, and conflict instead of overwriting', async () => {
  await using place = await twoStores();
  await using one = await newWorld({ storage: place.one.storage });
  await using two = await newWorld({ storage: place.other.storage });
  await create(one.admin, 'Alpha', { name: 'a' });
  expect(await shownValue(two.admin, 1, 'name')).toBe('a');
  for (const { admin } of [one, two]) {
    await plain(admin, 'BEGIN');
    await create(admin, 'Beta', { name: 'b' });
    await set(admin, 1, { name: admin === one.admin ? 'one' : 'two' });
  }

  expect(said(await plain(two.admin, 'COMMIT'))).toEqual(['201']);
  expect(said(await plain(one.admin, 'COMMIT'))).toEqual(['306 CONFLICT 1', '401']);
  expect(await shownValue(one.admin, 1, 'name')).toBe('two');
  expect(said(await find(one.admin, 'Beta'))).toEqual(['104 3', '201']);
});

test('two engines that begin at once put the same objects once, and a unique value that is taken is told', async () => {
  await using place = await twoStores();
  await using one = await newWorld({ storage: place.one.storage });
  await using two = await newWorld({ storage: place.other.storage });
  const objects = [
    { oid: 1, class: 'Alpha', values: { '': { name: 'a' } } },
    { oid: 6, class: 'Unique', values: { '': { tag: 'x' } } },
  ];
  const put = await Promise.all([one.engine.install(objects), two.engine.install(objects)]);

  expect(put.toSorted()).toEqual([0, 2]);
  await expect(one.engine.install([{ oid: 7, class: 'Unique', values: { '': { tag: 'x' } } }])).rejects.toMatchObject({
    code: 'CCE_ENGINE_INSTALL',
  });
});
