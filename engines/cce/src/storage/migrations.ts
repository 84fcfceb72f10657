import { column, type Migration } from '@fairlead/kernel/store';

/** Signed 31 bits (cce 3.1). */
export const MAX_OID = 2 ** 31 - 1;

/** The tables of the engine; their owner is `codb`. */
export const codbMigrations: readonly Migration[] = [
  {
    owner: 'codb',
    id: '0001-objects',
    async up(db) {
      await db.schema
        .createTable('codb_objects')
        .addColumn('oid', column.size, (col) => col.primaryKey())
        .addColumn('class', column.text, (col) => col.notNull())
        .addColumn('version', column.size, (col) => col.notNull())
        .addColumn('body', column.json, (col) => col.notNull())
        .execute();
      await db.schema.createIndex('codb_objects_class').on('codb_objects').columns(['class', 'oid']).execute();
      await db.schema
        .createTable('codb_index')
        .addColumn('key', column.id, (col) => col.notNull())
        .addColumn('oid', column.size, (col) => col.notNull())
        // The key again where a value can exist once, else NULL, of which there may be many.
        .addColumn('unique_key', column.text, (col) => col.unique())
        .addPrimaryKeyConstraint('codb_index_pk', ['key', 'oid'])
        .execute();
      await db.schema.createIndex('codb_index_oid').on('codb_index').columns(['oid']).execute();
    },
  },
  {
    owner: 'codb',
    id: '0002-oids',
    async up(db) {
      // Ranges of OIDs that nobody has: the lowest is found without looking at the objects.
      await db.schema
        .createTable('codb_free')
        .addColumn('first', column.size, (col) => col.primaryKey())
        .addColumn('last', column.size, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('codb_reserved')
        .addColumn('oid', column.size, (col) => col.primaryKey())
        .addColumn('holder', column.id, (col) => col.notNull())
        .addColumn('until_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('codb_counters')
        .addColumn('name', column.id, (col) => col.primaryKey())
        .addColumn('value', column.size, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('codb_facts')
        .addColumn('name', column.id, (col) => col.primaryKey())
        .addColumn('value', column.text, (col) => col.notNull())
        .execute();
      const rows = db.withTables<{ codb_free: { first: number; last: number }; codb_counters: { name: string; value: number } }>();
      await rows.insertInto('codb_free').values({ first: 1, last: MAX_OID }).execute();
      await rows
        .insertInto('codb_counters')
        .values([
          { name: 'version', value: 0 },
          { name: 'oids', value: 0 },
        ])
        .execute();
    },
  },
];
