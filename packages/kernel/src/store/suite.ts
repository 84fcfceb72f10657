import { describe, expect, test } from 'vitest';
import { column, kernelMigrations, type Migration, migrate, pendingMigrations, type Store } from './index.ts';

interface SuiteTables {
  suite_things: { id: string; bytes: number; at_ms: number; word: string | null };
}

const suiteMigrations: readonly Migration[] = [
  {
    owner: 'suite',
    id: '0001-things',
    async up(db) {
      await db.schema
        .createTable('suite_things')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('bytes', column.size, (col) => col.notNull())
        .addColumn('at_ms', column.time, (col) => col.notNull())
        .addColumn('word', column.text)
        .execute();
    },
  },
];

const thing = { id: 'a', bytes: 2 ** 52, at_ms: Date.UTC(2026, 0, 1), word: "quote ' NUL-free 𝄞" };

/** A place where stores are: every opening of the same place sees the same rows. */
export interface StorePlace extends AsyncDisposable {
  open(): Promise<Store>;
}

/** What every store must do; call it with a way to make an empty place. */
export function testStore(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`store: ${name}`, () => {
    testRows(newPlace);
    testTransactions(newPlace);
    testMigrations(newPlace);
  });
}

function testRows(newPlace: () => Promise<StorePlace>): void {
  test('gives back sizes and times as the numbers they were, and any text', async () => {
    await using place = await newPlace();
    await using store = await openWithThings(place);
    await store.tables<SuiteTables>().insertInto('suite_things').values(thing).execute();

    expect(await store.tables<SuiteTables>().selectFrom('suite_things').selectAll().execute()).toEqual([thing]);
  });

  test('tells that a row is there already from other failures', async () => {
    await using place = await newPlace();
    await using store = await openWithThings(place);
    const db = store.tables<SuiteTables>();
    await db.insertInto('suite_things').values(thing).execute();
    const twice = await failureOf(db.insertInto('suite_things').values(thing).execute());
    const missing = await failureOf(
      db
        .insertInto('suite_things')
        .values({ ...thing, id: 'b', bytes: null as unknown as number })
        .execute(),
    );

    expect(store.isUniqueViolation(twice)).toBe(true);
    expect(missing).toBeInstanceOf(Error);
    expect(store.isUniqueViolation(missing)).toBe(false);
  });

  test('a row outlives the store that wrote it', async () => {
    await using place = await newPlace();
    {
      await using writer = await openWithThings(place);
      await writer.tables<SuiteTables>().insertInto('suite_things').values(thing).execute();
    }
    await using reader = await place.open();

    expect(await reader.tables<SuiteTables>().selectFrom('suite_things').selectAll().execute()).toEqual([thing]);
  });
}

function testTransactions(newPlace: () => Promise<StorePlace>): void {
  test('a transaction that fails leaves nothing', async () => {
    await using place = await newPlace();
    await using store = await openWithThings(place);
    const failed = store.transaction<SuiteTables, void>(async (trx) => {
      await trx.insertInto('suite_things').values(thing).execute();
      throw new Error('changed my mind');
    });

    await expect(failed).rejects.toThrow('changed my mind');
    expect(await store.tables<SuiteTables>().selectFrom('suite_things').selectAll().execute()).toEqual([]);
  });

  test('transactions of two gateways that add to one row lose nothing', async () => {
    await using place = await newPlace();
    await using one = await openWithThings(place);
    await using other = await place.open();
    await one
      .tables<SuiteTables>()
      .insertInto('suite_things')
      .values({ ...thing, bytes: 0 })
      .execute();

    await Promise.all(Array.from({ length: 20 }, (_, index) => addOne(index % 2 === 0 ? one : other)));

    expect(await one.tables<SuiteTables>().selectFrom('suite_things').select('bytes').execute()).toEqual([{ bytes: 20 }]);
  });

  test('the store itself is refused inside a transaction, where it would wait for itself', async () => {
    await using place = await newPlace();
    await using store = await openWithThings(place);

    await expect(store.transaction<SuiteTables, void>(async () => void store.tables())).rejects.toThrow(TypeError);
    await expect(store.transaction(async () => store.transaction(async () => 1))).rejects.toThrow(TypeError);
  });
}

function testMigrations(newPlace: () => Promise<StorePlace>): void {
  test('migrations are applied once and in order', async () => {
    await using place = await newPlace();
    await using store = await place.open();

    const all = kernelMigrations.map((one) => `kernel/${one.id}`);
    expect(await pendingMigrations(store, kernelMigrations)).toEqual(all);
    expect(await migrate(store, kernelMigrations)).toEqual(all);
    expect(await pendingMigrations(store, [...kernelMigrations, ...suiteMigrations])).toEqual(['suite/0001-things']);
    expect(await migrate(store, [...kernelMigrations, ...suiteMigrations])).toEqual(['suite/0001-things']);
  });

  test('gateways that start at once migrate once', async () => {
    await using place = await newPlace();
    const stores = await Promise.all([place.open(), place.open(), place.open()]);
    const applied = await Promise.all(stores.map((store) => migrate(store, kernelMigrations)));
    for (const store of stores) await store[Symbol.asyncDispose]();

    expect(applied.flat()).toEqual(kernelMigrations.map((one) => `kernel/${one.id}`));
  });

  test('a step that fails leaves the schema as it was', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const broken = { owner: 'suite', id: '0002-broken', up: () => Promise.reject(new Error('no')) };

    await expect(migrate(store, [...suiteMigrations, broken])).rejects.toThrow('no');
    expect(await migrate(store, suiteMigrations)).toEqual(['suite/0001-things']);
  });

  test('a table without the prefix of its owner is refused', async () => {
    await using place = await newPlace();
    await using store = await place.open();
    const stranger = suiteMigrations.map((one) => ({ ...one, owner: 'other' }));

    await expect(migrate(store, stranger)).rejects.toThrow(/suite_things without the prefix other_/);
  });
}

async function openWithThings(place: StorePlace): Promise<Store> {
  const store = await place.open();
  await migrate(store, suiteMigrations);
  return store;
}

/** Reads, then writes: what two transactions may not do at the same time. */
function addOne(store: Store): Promise<void> {
  return store.transaction<SuiteTables, void>(async (trx) => {
    const query = trx.selectFrom('suite_things').select('bytes').where('id', '=', 'a');
    const { bytes } = await (store.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirstOrThrow();
    await trx
      .updateTable('suite_things')
      .set({ bytes: bytes + 1 })
      .where('id', '=', 'a')
      .execute();
  });
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}
