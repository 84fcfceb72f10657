import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { create, find, newStore, newWorld, said, set } from '../../test/support/world.ts';
import type { ObjectStorage, ScanRequest } from '../index.ts';

const schemaWith = (index: string) =>
  `<typedef name="scalar" type="re" data=""/><class name="A"><property name="tag" type="scalar" default="none"/><property name="plain" type="scalar"/>${index}</class>`;
const INDEX = '<index name="byTag" property="tag"/>';

/** What FIND asked the storage for. */
function watched(storage: ObjectStorage, requests: ScanRequest[]): ObjectStorage {
  return new Proxy(storage, {
    get(target, key) {
      if (key === 'scan') {
        return (request: ScanRequest) => {
          requests.push(request);
          return target.scan(request);
        };
      }
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

test('an index that the schema gets later is made from what is there; values of the default are searched without it', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using before = await newWorld({ storage, schema: schemaWith('') });
  await create(before.admin, 'A', { tag: 'x' });
  await create(before.admin, 'A');
  const requests: ScanRequest[] = [];
  await using after = await newWorld({ storage: watched(storage, requests), schema: schemaWith(INDEX) });
  requests.length = 0;

  expect(said(await find(after.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '201']);
  expect(requests.splice(0)).toMatchObject([{ indexed: { property: 'tag', value: 'x' } }]);
  expect(said(await find(after.admin, 'A', { tag: 'none' }))).toEqual(['104 2', '201']);
  expect(requests.splice(0)).toEqual([{ class: 'A', after: 0, limit: 500 }]);
  expect(said(await find(after.admin, 'A', { plain: 'y' }))).toEqual(['201']);
  expect(requests.splice(0)).toMatchObject([{ containing: 'y' }]);
});

test('an index that a reload takes away and another brings back is not trusted for what was written between', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  const files = (index: string) => ({ schemas: [{ file: 'a', text: schemaWith(index) }], bindings: [] });
  await using world = await newWorld({ storage, schema: schemaWith(INDEX) });
  world.engine.reload(files(''));
  await create(world.admin, 'A', { tag: 'x' });
  world.engine.reload(files(INDEX));

  expect(said(await find(world.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '201']);
  await using again = await newWorld({ storage, schema: schemaWith(INDEX) });
  expect(said(await find(again.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '201']);
});

test('an index that a reload brings is made while others work, also for what they write with the former schema', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  const requests: ScanRequest[] = [];
  await using world = await newWorld({ storage: watched(storage, requests), schema: schemaWith('') });
  const other = await world.engine.connect({ kind: 'admin' });
  for (let count = 0; count < 3; count += 1) await create(world.admin, 'A', { tag: 'x' });
  await other.execute({ verb: 'BEGIN' });
  await create(other, 'A', { tag: 'x' });
  await set(other, 2, { tag: 'y' });
  world.engine.reload({ schemas: [{ file: 'a', text: schemaWith(INDEX) }], bindings: [] });
  expect(said(await find(world.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '104 2', '104 3', '201']);
  await until(async () => {
    requests.length = 0;
    await find(world.admin, 'A', { tag: 'x' });
    return requests[0]?.indexed !== undefined;
  });
  expect(said(await other.execute({ verb: 'COMMIT' }))).toEqual(['201']);

  expect(said(await find(world.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '104 3', '104 4', '201']);
  expect(said(await find(world.admin, 'A', { tag: 'y' }))).toEqual(['104 2', '201']);
  await using again = await newWorld({ storage: watched(storage, requests), schema: schemaWith(INDEX) });
  expect(said(await find(again.admin, 'A', { tag: 'y' }))).toEqual(['104 2', '201']);
});

test('an index that becomes unique is made anew, and values that are there twice stay and are named', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using before = await newWorld({ storage, schema: schemaWith(INDEX) });
  for (const tag of ['x', 'x', 'y']) await create(before.admin, 'A', { tag });
  await using after = await newWorld({ storage, schema: schemaWith('<index name="byTag" property="tag" unique="1"/>') });

  expect(after.warnings).toEqual(["a value of an object that should be unique is another's as well"]);
  expect(said(await find(after.admin, 'A', { tag: 'x' }))).toEqual(['104 1', '104 2', '201']);
  expect(said(await create(after.admin, 'A', { tag: 'y' }))).toEqual(['104 4', '306 CONFLICT 4', '401']);
});

test('a reload counts for what begins after it', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha');
  const other = await world.engine.connect({ kind: 'admin' });
  await other.execute({ verb: 'BEGIN' });
  world.engine.reload({ schemas: [{ file: 'a', text: schemaWith('') }], bindings: [{ file: 'b', text: 'nonsense' }] });

  expect(said(await set(other, 1, { name: 'x' }))).toEqual(['201']);
  expect(said(await other.execute({ verb: 'COMMIT' }))).toEqual(['201']);
  expect(said(await find(world.admin, 'Alpha'))).toEqual(['301 Alpha', '401']);
  expect(said(await set(world.admin, 1, {}))).toEqual(['300 1', '401']);
  expect([...world.engine.schema.classes.keys()]).toEqual(['A']);
  expect(world.engine.findings).toMatchObject([{ file: 'b', line: 1 }]);
});

test('a fixture is put once, at its own ids, and stays as it was changed', async () => {
  await using world = await newWorld({ conf: 'Alpha._CREATE native:none' });
  const objects = [
    { oid: 6, class: 'User', values: { '': { name: 'admin' } } },
    { oid: 3, class: 'Alpha', values: { '': { name: 'a', number: 'no number' }, Extra: { color: 'blue' } } },
  ];
  expect(await world.engine.install(objects)).toBe(2);
  await set(world.admin, 3, { name: 'b' });
  expect(await world.engine.install([...objects, { oid: 9, class: 'Alpha', values: {} }])).toBe(1);

  expect(said(await find(world.admin, 'Alpha', { name: 'b', 'Extra.color': 'blue' }))).toEqual(['104 3', '201']);
  expect(said(await create(world.admin, 'Beta'))).toEqual(['104 1', '201']);
});
