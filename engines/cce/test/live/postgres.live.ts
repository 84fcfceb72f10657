import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe, expect, test } from 'vitest';
import { testStorage } from '../support/storage-suite.ts';
import { inTurn, twoStoresOn } from '../support/two-stores.ts';
import { create, destroy, find, newWorld, plain, said, set, shownValue } from '../support/world.ts';

async function twoStores() {
  const database = await freshDatabase();
  return twoStoresOn(database.url, database);
}

describe.skipIf(lacksPostgres())('PostgreSQL', () => {
  testStorage('PostgreSQL, two gateways', async () => inTurn(await twoStores()));

  test('cce 17.89, 17.91: two engines on one database see each other, suspend each other and conflict instead of overwriting', async () => {
    await using place = await twoStores();
    await using one = await newWorld({ storage: place.one.storage });
    await using two = await newWorld({ storage: place.other.storage });
    const hostile = 'é𝄞\udc80"\\\u0001';
    await create(one.admin, 'Alpha', { name: hostile });
    expect(await shownValue(two.admin, 1, 'name')).toBe(hostile);
    expect(said(await find(two.admin, 'Alpha', { name: hostile }))).toEqual(['104 1', '201']);
    expect(said(await destroy(two.admin, '99999999999999999999'))).toEqual(['300 99999999999999999999', '401']);
    for (const { admin } of [one, two]) {
      await plain(admin, 'BEGIN');
      await set(admin, 1, { name: 'mine' });
    }
    expect(said(await plain(two.admin, 'COMMIT'))).toEqual(['201']);
    expect(said(await plain(one.admin, 'COMMIT'))).toEqual(['306 CONFLICT 1', '401']);
    await one.admin.execute({ verb: 'ADMIN', action: 'SUSPEND', reason: 'r' });
    expect(said(await destroy(two.admin, 1))).toEqual(['309 r', '401']);
  });

  test('cce 17.90: a commit that breaks in the middle has changed nothing', async () => {
    await using place = await twoStores();
    await using world = await newWorld({ storage: place.one.storage });
    await create(world.admin, 'Unique', { name: 'a' });
    await place.one.store.tables().schema.alterTable('codb_index').renameTo('codb_index_away').execute();
    await expect(set(world.admin, 1, { name: 'c' })).rejects.toThrow('codb_index');
    await place.one.store.tables().schema.alterTable('codb_index_away').renameTo('codb_index').execute();

    await using again = await newWorld({ storage: place.other.storage });
    expect(await shownValue(again.admin, 1, 'name')).toBe('a');
    expect(said(await set(again.admin, 1, { name: 'd' }))).toEqual(['201']);
  });
});
