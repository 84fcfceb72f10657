import { expect, test } from 'vitest';
import { create, destroy, find, get, newWorld, plain, said, set, shownValue } from '../../test/support/world.ts';

test('cce 17.30, 17.41: a created object has its defaults and the magic keys, the other namespaces only two of them', async () => {
  await using world = await newWorld();

  expect(said(await create(world.admin, 'Alpha', { name: 'one' }))).toEqual(['104 1', '201']);
  expect(said(await get(world.admin, 1))).toEqual([
    '102 CLASS Alpha',
    '102 CLASSVER 1.0',
    '102 NAMESPACE ',
    '102 OID 1',
    '102 country ',
    '102 enabled 1',
    '102 list ',
    '102 name one',
    '102 note ',
    '102 number 7',
    '102 open ',
    '102 secret ',
    '201',
  ]);
  expect(said(await get(world.admin, 1, 'Extra'))).toEqual(['102 CLASSVER 2.5', '102 NAMESPACE Extra', '102 color red', '201']);
});

test('cce 17.31, 17.32, 17.33: what is not there is named, and what is no object id is refused', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha');

  expect(said(await get(world.admin, 9999))).toEqual(['300 9999', '401']);
  expect(said(await get(world.admin, '99999999999999999999'))).toEqual(['300 99999999999999999999', '401']);
  expect(said(await get(world.admin, 1, 'fluxcompensator'))).toEqual(['303 fluxcompensator', '401']);
  for (const oid of ['0', 'abc', '', '-1', '1e0']) expect(said(await get(world.admin, oid))).toEqual(['403']);
  expect(said(await set(world.admin, 'abc', {}))).toEqual(['403']);
});

test('cce 17.34, 17.35, 17.36, 17.38: every bad key has its own line, in the order of the request, and nothing is stored', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'one' });

  expect(said(await set(world.admin, 1, { foo: 'x' }))).toEqual(['302 1 foo [[base-cce.unknownAttr]]', '401']);
  expect(said(await set(world.admin, 1, { name: 'two', enabled: '5', country: 'germany', foo: '' }))).toEqual([
    '302 1 enabled [[base-cce.invalidData]]',
    '302 1 country [[base-ssl.country_invalid]]',
    '302 1 foo [[base-cce.unknownAttr]]',
    '401',
  ]);
  expect(await shownValue(world.admin, 1, 'name')).toBe('one');
});

test('cce 17.37: magic keys are ignored, and a SET without anything to change succeeds', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { OID: '5', name: 'one' });

  expect(said(await set(world.admin, 1, { OID: '7', CLASS: 'Beta', NAMESPACE: 'x', CLASSVER: '9' }))).toEqual(['201']);
  expect(said(await set(world.admin, 1, {}))).toEqual(['201']);
  expect(await shownValue(world.admin, 1, 'CLASS')).toBe('Alpha');
});

test('cce 17.39, 17.40: elements of a list are checked one by one, and empty is right for lists and optional properties only', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'one', list: '&a&b&', note: 'x' });

  expect(said(await set(world.admin, 1, { list: '&a&b%20c&' }))).toEqual(['302 1 list [[base-cce.invalidData]]', '401']);
  expect(said(await set(world.admin, 1, { list: '', note: '' }))).toEqual(['201']);
  expect(said(await set(world.admin, 1, { number: '' }))).toEqual(['302 1 number [[base-cce.invalidData]]', '401']);
});

test('a value that is the present one is no write, even when its type would refuse it now', async () => {
  await using world = await newWorld({
    schema: '<class name="A"><property name="n" type="int"/></class><typedef name="int" type="re" data="^[0-9]+$"/>',
  });
  await create(world.admin, 'A');

  expect(said(await set(world.admin, 1, { n: '' }))).toEqual(['201']);
  expect(said(await set(world.admin, 1, { n: 'x' }))).toEqual(['302 1 n [[base-cce.invalidData]]', '401']);
});

test('cce 17.42, 17.43: CREATE knows the properties of the default namespace only, and classes of the schema only', async () => {
  await using world = await newWorld();

  expect(said(await create(world.admin, 'Alpha', { 'Extra.color': 'blue' }))).toEqual([
    '302 0 Extra.color [[base-cce.unknownAttr]]',
    '401',
  ]);
  expect(said(await create(world.admin, 'Gamma'))).toEqual(['301 Gamma', '401']);
});

test('cce 17.44, 17.45: a destroyed object leaves its id to the next, the lowest free one first', async () => {
  await using world = await newWorld();
  for (const name of ['a', 'b', 'c']) await create(world.admin, 'Alpha', { name });
  await destroy(world.admin, 3);
  await destroy(world.admin, 2);

  expect(said(await destroy(world.admin, 2))).toEqual(['300 2', '401']);
  expect(said(await destroy(world.admin, 0))).toEqual(['403']);
  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 2', '201']);
  expect(await shownValue(world.admin, 2, 'name')).toBe('');
  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 3', '201']);
});

test('an id that an open connection or the bridge names is not given away', async () => {
  const held = new Set([1]);
  await using world = await newWorld({ heldOids: async () => held });
  await create(world.admin, 'User', { name: 'ann', enabled: '1' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  await destroy(world.admin, 2);

  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 3', '201']);
  held.clear();
  await ann[Symbol.asyncDispose]();
  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 1', '201']);
  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 2', '201']);
});

test('cce 17.46, 17.47: FIND compares defaults, elements of lists and properties of namespaces, and all criteria hold', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'one', list: '&a+b&c%2Ed&' });
  await create(world.admin, 'Alpha', { name: 'two', number: '8' });
  await set(world.admin, 2, { color: 'blue' }, 'Extra');

  expect(said(await find(world.admin, 'Alpha', { number: '7' }))).toEqual(['104 1', '201']);
  expect(said(await find(world.admin, 'Alpha', { 'Extra.color': 'red' }))).toEqual(['104 1', '201']);
  expect(said(await find(world.admin, 'Alpha', { 'Extra.color': 'blue', number: '8' }))).toEqual(['104 2', '201']);
  expect(said(await find(world.admin, 'Alpha', { 'Extra.color': 'blue', number: '7' }))).toEqual(['201']);
  for (const list of ['&a+b&c%2Ed&', 'a b', 'a+b', 'c.d'])
    expect(said(await find(world.admin, 'Alpha', { list }))).toEqual(['104 1', '201']);
  expect(said(await find(world.admin, 'Alpha', { list: 'a' }))).toEqual(['201']);
  expect(said(await find(world.admin, 'Alpha', { nothing: '' }))).toEqual(['201']);
  expect(said(await find(world.admin, 'Alpha'))).toEqual(['104 1', '104 2', '201']);
  expect(said(await find(world.admin, 'Gamma'))).toEqual(['301 Gamma', '401']);
});

test('cce 17.48: FIND searches by extended regular expressions, line by line, and names a broken one', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'first\nsecond', list: '&x1&y2&' });
  const findRegex = (key: string, value: string) =>
    world.admin.execute({ verb: 'FIND', class: 'Alpha', criteria: [{ key, match: 'regex', value }] });

  expect(said(await findRegex('name', '^sec'))).toEqual(['104 1', '201']);
  expect(said(await findRegex('name', 'first.second'))).toEqual(['201']);
  expect(said(await findRegex('list', '^y[0-9]$'))).toEqual(['104 1', '201']);
  expect((await findRegex('name', '(')).lines[0]).toMatchObject({ code: 308 });
  expect((await findRegex('name', '(')).end).toBe(401);
});

test('a FIND whose pattern makes much work lets others have their turn, and ends with its caller', async () => {
  await using world = await newWorld({
    schema: `<typedef name="any" type="re" data=""/><class name="Alpha"><property name="list" type="any" array="1"/></class>`,
  });
  const { admin } = world;
  const element = 'ab'.repeat(2000);
  await create(admin, 'Alpha', { list: `&${Array.from({ length: 200 }, (_none, at) => `${element}${at}`).join('&')}&` });
  const stop = new AbortController();
  const criteria = [{ key: 'list', match: 'regex' as const, value: '([ab])*a([ab]){400}[cd]' }];
  const search = admin.execute({ verb: 'FIND', class: 'Alpha', criteria }, { signal: stop.signal });
  const other = await world.engine.connect({ kind: 'admin' });
  setImmediate(() => stop.abort(new Error('gone')));

  expect(said(await plain(other, 'WHOAMI'))).toEqual(['104 -1', '201']);
  await expect(search).rejects.toThrow('gone');
});

test('cce 17.50: an unknown sort type is a bad parameter, and equal values stand in the order of their ids', async () => {
  await using world = await newWorld();
  for (const number of ['3', '10', '3']) await create(world.admin, 'Alpha', { number });
  const sorted = (type: string, property: string) =>
    world.admin.execute({ verb: 'FIND', class: 'Alpha', criteria: [], sort: { type, property } });

  expect(said(await sorted('moon', 'number'))).toEqual(['403']);
  expect(said(await sorted('ascii', 'number'))).toEqual(['104 2', '104 1', '104 3', '201']);
  expect(said(await sorted('old_numeric', 'number'))).toEqual(['104 1', '104 3', '104 2', '201']);
  expect(said(await sorted('ascii', 'Extra.color'))).toEqual(['104 1', '104 2', '104 3', '201']);
});

test('cce 17.52, 17.53: NAMES takes ids and classes, CLASSES lists all in bytewise order', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha');
  const names = (of: string) => world.admin.execute({ verb: 'NAMES', of });

  expect(said(await names('1'))).toEqual(['105 Extra', '201']);
  expect(said(await names('Alpha'))).toEqual(['105 Extra', '201']);
  expect(said(await names('Beta'))).toEqual(['201']);
  expect(said(await names('2'))).toEqual(['300 2', '401']);
  expect(said(await names('Gamma'))).toEqual(['301 Gamma', '401']);
  expect(said(await plain(world.admin, 'CLASSES'))).toEqual(['110 Alpha', '110 Beta', '110 Unique', '110 User', '201']);
});

test('commands that the place does not know are refused, and HELP lists those that it does', async () => {
  await using world = await newWorld();
  const badData = () => world.admin.execute({ verb: 'BADDATA', oid: '1', key: 'a', message: 'b' });

  expect(said(await badData())).toEqual(['402']);
  expect(said(await plain(world.admin, 'COMMIT'))).toEqual(['402']);
  const help = said(await plain(world.admin, 'HELP'));
  expect(help.at(-1)).toBe('201');
  expect(help.some((line) => line.startsWith('0 GET '))).toBe(true);
  expect(help.some((line) => line.startsWith('0 BADDATA '))).toBe(false);
});
