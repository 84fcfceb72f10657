import { column, type Migration } from '@fairlead/kernel/store';

/** Tables of the reading side, oldest first. */
export const readMigrations: readonly Migration[] = [
  {
    owner: 'ovirt',
    id: '0001-accounts',
    async up(db) {
      await db.schema
        .createTable('ovirt_accounts')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('name', column.text, (col) => col.notNull().unique())
        .addColumn('password_hash', column.text, (col) => col.notNull())
        .addColumn('api_key', column.text, (col) => col.notNull())
        .addColumn('secret_key', column.text, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('disabled', column.flag, (col) => col.notNull())
        .execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0002-inventory',
    async up(db) {
      await db.schema
        .createTable('ovirt_inventory')
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('scope', column.text, (col) => col.notNull())
        .addColumn('id', column.id, (col) => col.notNull())
        .addColumn('body', column.json, (col) => col.notNull())
        .addColumn('seen_ms', column.time, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovirt_inventory_pk', ['kind', 'scope', 'id'])
        .execute();
      await db.schema
        .createTable('ovirt_inventory_state')
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('scope', column.text, (col) => col.notNull())
        .addColumn('listed_ms', column.time, (col) => col.notNull())
        .addColumn('version', column.time, (col) => col.notNull())
        .addColumn('claimed_until_ms', column.time, (col) => col.notNull())
        .addColumn('claimed_by', column.text, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovirt_inventory_state_pk', ['kind', 'scope'])
        .execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0003-facts',
    async up(db) {
      await db.schema
        .createTable('ovirt_facts')
        .addColumn('name', column.text, (col) => col.primaryKey())
        .addColumn('value', column.text, (col) => col.notNull())
        .execute();
    },
  },
];
