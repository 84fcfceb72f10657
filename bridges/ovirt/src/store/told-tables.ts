import { column, type Migration } from '@fairlead/kernel/store';

/** What a fact is about, and by which work it is seen: `work` is an open backup or transfer of a VM. */
export type FactSource = 'vm' | 'host' | 'pool' | 'work';

/** Something that is so, as `inventory.cloudstack` tells it. */
export interface ItemFactRow {
  readonly source: FactSource;
  /** CloudStack's id of the VM, host or pool. */
  readonly id: string;
  readonly code: string;
  /** JSON. */
  readonly value: string;
  /** As long as it stays the same, `since_ms` does; empty for a measure, which changes all the time. */
  readonly mark: string;
  /** JSON, or null. */
  readonly detail: string | null;
  readonly since_ms: number;
}

/** Up to which version of a shelf its facts are kept: a gateway that lags behind does not overwrite them. */
export interface FactMarkRow {
  readonly source: FactSource;
  readonly version: number;
}

/** How the backups of a VM ended last, kept longer than the backups themselves. */
export interface BackupEndRow {
  readonly vm_id: string;
  readonly outcome: 'ok' | 'failed';
  readonly began_ms: number;
  readonly ended_ms: number;
  /** Of a failure, as the row of the backup had it. */
  readonly reason: string | null;
}

/** What is kept for other bridges. */
export interface ToldTables {
  readonly ovirt_inventory_facts: ItemFactRow;
  readonly ovirt_inventory_marks: FactMarkRow;
  readonly ovirt_inventory_backups: BackupEndRow;
}

export const toldMigrations: readonly Migration[] = [
  {
    owner: 'ovirt',
    id: '0201-told-facts',
    async up(db) {
      await db.schema
        .createTable('ovirt_inventory_facts')
        .addColumn('source', column.text, (col) => col.notNull())
        .addColumn('id', column.id, (col) => col.notNull())
        .addColumn('code', column.text, (col) => col.notNull())
        .addColumn('value', column.json, (col) => col.notNull())
        .addColumn('mark', column.text, (col) => col.notNull())
        .addColumn('detail', column.json)
        .addColumn('since_ms', column.time, (col) => col.notNull())
        .addPrimaryKeyConstraint('ovirt_inventory_facts_pk', ['source', 'id', 'code'])
        .execute();
      await db.schema
        .createTable('ovirt_inventory_marks')
        .addColumn('source', column.text, (col) => col.primaryKey())
        .addColumn('version', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('ovirt_inventory_backups')
        .addColumn('vm_id', column.id, (col) => col.notNull())
        .addColumn('outcome', column.text, (col) => col.notNull())
        .addColumn('began_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time, (col) => col.notNull())
        .addColumn('reason', column.text)
        .addPrimaryKeyConstraint('ovirt_inventory_backups_pk', ['vm_id', 'outcome'])
        .execute();
    },
  },
];
