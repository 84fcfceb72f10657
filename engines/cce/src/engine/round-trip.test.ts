import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import { expect, test } from 'vitest';
import { create, find, newStore, newWorld, said, set, shownValue } from '../../test/support/world.ts';

test('any value comes back from SET and CREATE as it was, and FIND finds it', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using world = await newWorld({ storage });
  await create(world.admin, 'Alpha');
  await create(world.admin, 'Beta');

  await fuzz('engine-cce.values', hostileText({ maxLength: 40 }), async (text) => {
    const value = text.replaceAll('\0', '');
    expect(said(await set(world.admin, 1, { name: value }))).toEqual(['201']);
    expect(said(await set(world.admin, 2, { beta: value }))).toEqual(['201']);
    expect(await shownValue(world.admin, 1, 'name')).toBe(value);
    expect(said(await find(world.admin, 'Alpha', { name: value }))).toEqual(['104 1', '201']);
    expect(said(await find(world.admin, 'Beta', { beta: value }))).toEqual(['104 2', '201']);
    expect(said(await find(world.admin, 'Beta', { beta: `${value}x` }))).toEqual(['201']);
  });
});
