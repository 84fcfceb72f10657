import { describe, expect, test } from 'vitest';
import type { IndexEntry, ObjectStorage, ObjectValues, StoredWrite } from '../../src/storage/object-storage.ts';

/** A place where objects are: each opening is one gateway on it. */
export interface StoragePlace extends AsyncDisposable {
  open(): ObjectStorage;
  /** Lets time pass, for reservations; absent: they never expire there. */
  advance?(ms: number): void;
}

const NOBODY: ReadonlySet<number> = new Set();
const MINUTE = 60_000;

/** Text that stores break on: escapes, quotes, lone surrogates, wildcards of LIKE. */
const HOSTILE = 'a"b\\c\u0001\n%_\u00e9\u{1d11e}\udc80\udcff';

function valuesOf(properties: Readonly<Record<string, string>>): ObjectValues {
  return new Map([['', new Map(Object.entries(properties))]]);
}

function rowsFor(properties: Readonly<Record<string, string>>, unique = false): readonly IndexEntry[] {
  return Object.entries(properties).map(([property, value]) => ({ namespace: '', property, value, unique }));
}

function newObject(oid: number, properties: Readonly<Record<string, string>> = {}, more: Partial<StoredWrite> = {}): StoredWrite {
  return { oid, class: 'A', values: valuesOf(properties), index: rowsFor(properties), seen: undefined, ...more };
}

async function versionOf(storage: ObjectStorage, oid: number): Promise<number> {
  return (await storage.versions([oid])).get(oid) ?? 0;
}

/** What every storage must do; call it with a way to make an empty place. */
export function testStorage(name: string, newPlace: () => Promise<StoragePlace>): void {
  describe(`storage: ${name}`, () => {
    testObjects(newPlace);
    testCommits(newPlace);
    testOids(newPlace);
  });
}

function testObjects(newPlace: () => Promise<StoragePlace>): void {
  test('gives back what was put, whatever the text, and nothing for ids that are not there', async () => {
    await using place = await newPlace();
    const storage = place.open();
    const values: ObjectValues = new Map([
      [
        '',
        new Map([
          ['__proto__', HOSTILE],
          [HOSTILE, ''],
        ]),
      ],
      ['Ns', new Map([['constructor', 'x'.repeat(100_000)]])],
      ['Empty', new Map()],
    ]);
    const outcome = await storage.commit({ writes: [newObject(7, {}, { values })], removals: [] });

    expect(await storage.read([7, 8, 7])).toContainEqual({ oid: 7, class: 'A', values, version: outcome.ok && outcome.version });
    expect(await storage.read([])).toEqual([]);
    expect([...(await storage.versions([7, 8])).keys()]).toEqual([7]);
    expect(await storage.count('A')).toBe(1);
    expect(await storage.count('B')).toBe(0);
  });

  test('pages of a class are in the order of ids, by an index, and without what cannot hold a text', async () => {
    await using place = await newPlace();
    const storage = place.open();
    const objects = Array.from({ length: 25 }, (_, index) => newObject(index + 1, { n: String(index % 5), t: `<${HOSTILE}${index}>` }));
    await storage.commit({ writes: [...objects.toReversed(), newObject(30, { n: '1' }, { class: 'B' })], removals: [] });
    const scan = (request: object) => storage.scan({ class: 'A', after: 0, limit: 10, ...request });
    const oids = async (request: object) => (await scan(request)).objects.map(({ oid }) => oid);
    const indexed = { namespace: '', property: 'n', value: '1' };

    expect(await oids({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await scan({})).next).toBe(10);
    expect(await oids({ after: 20 })).toEqual([21, 22, 23, 24, 25]);
    expect((await scan({ after: 20 })).next).toBeUndefined();
    expect((await scan({ indexed, limit: 2 })).next).toBe(7);
    expect(await oids({ containing: '<', limit: 3 })).toEqual([1, 2, 3]);
    expect((await scan({ containing: '<', limit: 3 })).next).toBe(3);
    expect(await oids({ indexed })).toEqual([2, 7, 12, 17, 22]);
    expect(await oids({ indexed, after: 7, limit: 2 })).toEqual([12, 17]);
    expect(await oids({ indexed: { ...indexed, namespace: 'Ns' } })).toEqual([]);
    expect(await oids({ containing: `${HOSTILE}12>` })).toEqual([13]);
    expect(await oids({ containing: 'nowhere' })).toEqual([]);
  });

  test('facts are kept, changed and forgotten', async () => {
    await using place = await newPlace();
    const storage = place.open();
    expect(await storage.getFact('x')).toBeUndefined();
    await storage.setFact('x', HOSTILE.toWellFormed());
    await storage.setFact('y', '1');
    await storage.setFact('y', '2');
    expect(await place.open().getFact('x')).toBe(HOSTILE.toWellFormed());
    await storage.setFact('x', undefined);

    expect(await storage.getFact('x')).toBeUndefined();
    expect(await storage.getFact('y')).toBe('2');
  });
}

function testCommits(newPlace: () => Promise<StoragePlace>): void {
  test('a change of something that has changed since is refused as a whole, with the name of the object', async () => {
    await using place = await newPlace();
    const [one, other] = [place.open(), place.open()];
    await one.commit({ writes: [newObject(1, { a: '1' }), newObject(2, { a: '2' })], removals: [] });
    const seen = await versionOf(other, 2);
    await one.commit({ writes: [newObject(2, { a: '3' }, { seen })], removals: [] });
    const current = await versionOf(one, 1);
    const late = { writes: [newObject(1, { a: 'x' }, { seen: current }), newObject(2, { a: 'x' }, { seen }), newObject(3)], removals: [] };

    expect(await other.commit(late)).toEqual({ ok: false, conflict: 2 });
    expect(await other.commit({ writes: [newObject(1, { a: 'x' }, { seen: current })], removals: [{ oid: 2, seen }] })).toEqual({
      ok: false,
      conflict: 2,
    });
    expect(await other.commit({ writes: [newObject(1)], removals: [] })).toEqual({ ok: false, conflict: 1 });
    expect((await one.read([1, 2, 3])).map(({ values }) => values.get('')?.get('a'))).toEqual(['1', '3']);
    expect((await one.scan({ class: 'A', after: 0, limit: 9, indexed: { namespace: '', property: 'a', value: 'x' } })).objects).toEqual([]);
  });

  test('versions only grow, also for an id that is used again', async () => {
    await using place = await newPlace();
    const storage = place.open();
    const seen: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await storage.commit({ writes: [newObject(1)], removals: [] });
      seen.push(await versionOf(storage, 1));
      await storage.commit({ writes: [], removals: [{ oid: 1, seen: seen.at(-1) ?? 0 }] });
    }

    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(new Set(seen).size).toBe(3);
  });

  test('a unique value exists once, can move in one commit, and is free again with its object', async () => {
    await using place = await newPlace();
    const [one, other] = [place.open(), place.open()];
    const named = (oid: number, name: string, seen?: number) => newObject(oid, { name }, { index: rowsFor({ name }, true), seen });
    await one.commit({ writes: [named(1, 'x'), named(2, 'y')], removals: [] });

    expect(await other.commit({ writes: [named(3, 'x')], removals: [] })).toEqual({ ok: false, conflict: 3 });
    expect(await other.commit({ writes: [named(4, 'z'), named(5, 'z')], removals: [] })).toEqual({ ok: false, conflict: 5 });
    const [first, second] = [await versionOf(one, 1), await versionOf(one, 2)];
    expect(await other.commit({ writes: [named(1, 'y', first), named(2, 'x', second)], removals: [] })).toMatchObject({ ok: true });
    expect(await one.commit({ writes: [named(3, 'x')], removals: [{ oid: 2, seen: await versionOf(one, 2) }] })).toMatchObject({
      ok: true,
    });
    expect(
      (await one.scan({ class: 'A', after: 0, limit: 9, indexed: { namespace: '', property: 'name', value: 'x' } })).objects.map(
        ({ oid }) => oid,
      ),
    ).toEqual([3]);
  });

  test('of writers of the same object at once one wins', async () => {
    await using place = await newPlace();
    const storages = Array.from({ length: 4 }, () => place.open());
    await storages[0]?.commit({ writes: [newObject(1)], removals: [] });
    const seen = await versionOf(place.open(), 1);
    const outcomes = await Promise.all(
      storages.map((storage, n) => storage.commit({ writes: [newObject(1, { n: String(n) }, { seen })], removals: [] })),
    );

    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 3 }, () => ({ ok: false, conflict: 1 })));
  });

  test('rows of the index are changed for objects as they were seen, which stay as they are, all or none', async () => {
    await using place = await newPlace();
    const storage = place.open();
    await storage.commit({ writes: [newObject(1, { n: 'a' }), newObject(2, { n: 'b' }), newObject(3, { n: 'b' })], removals: [] });
    const [one, two, three] = [await versionOf(storage, 1), await versionOf(storage, 2), await versionOf(storage, 3)];
    const rows = (oid: number, seen: number, value: string) => ({ oid, class: 'A', seen, index: rowsFor({ n: value }, true) });
    const holders = async (value: string) => {
      const page = await storage.scan({ class: 'A', after: 0, limit: 10, indexed: { namespace: '', property: 'n', value } });
      return page.objects.map(({ oid }) => oid);
    };

    expect(await storage.reindex([rows(1, one, 'c'), rows(2, two, 'b'), rows(3, three, 'b')])).toEqual({ ok: false, conflict: 3 });
    expect(await storage.reindex([rows(1, one, 'c'), rows(2, two - 1, 'b')])).toEqual({ ok: false, conflict: 2 });
    expect(await storage.reindex([rows(1, one, 'c'), rows(9, one, 'd')])).toEqual({ ok: false, conflict: 9 });
    expect(await holders('a')).toEqual([1]);
    expect(await storage.reindex([rows(1, one, 'c'), rows(2, two, 'd')])).toMatchObject({ ok: true });
    expect([await holders('a'), await holders('b'), await holders('c'), await holders('d')]).toEqual([[], [3], [1], [2]]);
    expect([await versionOf(storage, 1), await versionOf(storage, 2)]).toEqual([one, two]);
    expect(await storage.commit({ writes: [newObject(4, {}, { index: rowsFor({ n: 'c' }, true) })], removals: [] })).toMatchObject({
      ok: false,
    });
  });

  test('many reserved ids are given back at once', async () => {
    await using place = await newPlace();
    const storage = place.open();
    const oids: number[] = [];
    for (let count = 0; count < 3; count += 1) oids.push(await storage.reserveOid(NOBODY));
    await storage.release([...oids, ...Array.from({ length: 70_000 }, (_none, at) => 1000 + at)]);

    expect(await storage.reserveOid(NOBODY)).toBe(1);
  });
}

function testOids(newPlace: () => Promise<StoragePlace>): void {
  test('the lowest free id is reserved, for one gateway, and no excluded one', async () => {
    await using place = await newPlace();
    const [one, other] = [place.open(), place.open()];
    await one.commit({ writes: [newObject(2), newObject(5)], removals: [] });

    expect(await one.reserveOid(NOBODY)).toBe(1);
    expect(await other.reserveOid(new Set([3]))).toBe(4);
    expect(await one.reserveOid(NOBODY)).toBe(3);
    expect(await one.reserveOid(NOBODY)).toBe(6);
    await one.release([3, 99]);
    expect(await other.reserveOid(NOBODY)).toBe(3);
    await one.commit({ writes: [newObject(1), newObject(6)], removals: [{ oid: 2, seen: await versionOf(one, 2) }] });
    expect(await other.reserveOid(NOBODY)).toBe(2);
    expect(await other.reserveOid(NOBODY)).toBe(7);
  });

  test('many at once get different ids', async () => {
    await using place = await newPlace();
    const storages = [place.open(), place.open()];
    const oids = await Promise.all(Array.from({ length: 40 }, (_, at) => (storages[at % 2] ?? place.open()).reserveOid(NOBODY)));

    expect(oids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  });

  test('ids far away leave those before them free, and ids given back are found again in order', async () => {
    await using place = await newPlace();
    const storage = place.open();
    await storage.commit({ writes: [newObject(2 ** 31 - 1), newObject(1000), newObject(1)], removals: [] });
    const reserved: number[] = [];
    for (let count = 0; count < 5; count += 1) reserved.push(await storage.reserveOid(NOBODY));
    await storage.release([4, 2, 6]);

    expect(reserved).toEqual([2, 3, 4, 5, 6]);
    expect([await storage.reserveOid(NOBODY), await storage.reserveOid(NOBODY), await storage.reserveOid(NOBODY)]).toEqual([2, 4, 6]);
  });

  test('a reservation of a gateway that is not heard of any more ends, and only one of two late ones gets the id', async () => {
    await using place = await newPlace();
    const [one, other] = [place.open(), place.open()];
    if (!place.advance) return;
    expect(await one.reserveOid(NOBODY)).toBe(1);
    expect(await one.reserveOid(NOBODY)).toBe(2);
    place.advance(15 * MINUTE);
    expect(await other.reserveOid(NOBODY)).toBe(1);

    expect(await one.commit({ writes: [newObject(1)], removals: [] })).toEqual({ ok: false, conflict: 1 });
    expect(await other.commit({ writes: [newObject(1)], removals: [] })).toMatchObject({ ok: true });
    expect(await one.commit({ writes: [newObject(2)], removals: [] })).toMatchObject({ ok: true });
    expect(await other.reserveOid(NOBODY)).toBe(3);
  });
}
