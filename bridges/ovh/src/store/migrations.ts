import { column, type Migration } from '@fairlead/kernel/store';

export const migrations: readonly Migration[] = [
  {
    owner: 'ovh',
    id: '0001-inventory',
    async up(db) {
      await db.schema
        .createTable('ovh_checks')
        .addColumn('account', column.id, (col) => col.notNull())
        .addColumn('part', column.text, (col) => col.notNull())
        .addColumn('identity', column.text, (col) => col.notNull())
        .addColumn('started_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time, (col) => col.notNull())
        .addColumn('failures', column.count, (col) => col.notNull())
        .addColumn('jitter', column.count, (col) => col.notNull())
        .addColumn('state', column.json, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovh_checks_pk', ['account', 'part'])
        .execute();
      await db.schema
        .createTable('ovh_keys')
        .addColumn('endpoint', column.text, (col) => col.notNull())
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('name', column.text, (col) => col.notNull())
        .addColumn('item_key', column.text, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovh_keys_pk', ['endpoint', 'kind', 'name'])
        .execute();
      await db.schema
        .createTable('ovh_items')
        .addColumn('account', column.id, (col) => col.notNull())
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('name', column.text, (col) => col.notNull())
        .addColumn('item_key', column.text, (col) => col.notNull())
        .addColumn('position', column.count, (col) => col.notNull())
        .addColumn('record', column.json, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovh_items_pk', ['account', 'kind', 'name'])
        .execute();
      await db.schema
        .createTable('ovh_facts')
        .addColumn('account', column.id, (col) => col.notNull())
        .addColumn('item_key', column.text, (col) => col.notNull())
        .addColumn('code', column.text, (col) => col.notNull())
        .addColumn('value', column.json, (col) => col.notNull())
        .addColumn('detail', column.json)
        .addColumn('since_ms', column.time, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovh_facts_pk', ['account', 'item_key', 'code', 'value'])
        .execute();
    },
  },
];
