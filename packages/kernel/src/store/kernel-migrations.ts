import type { Migration } from './migrate.ts';
import { column } from './store.ts';

/** The kernel's own tables. */
export const kernelMigrations: readonly Migration[] = [
  {
    owner: 'kernel',
    id: '0001-sessions',
    async up(db) {
      await db.schema
        .createTable('kernel_sessions')
        .addColumn('digest', column.id, (col) => col.primaryKey())
        .addColumn('id', column.id, (col) => col.notNull())
        .addColumn('face', column.text, (col) => col.notNull())
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('data', column.text, (col) => col.notNull())
        .addColumn('idle_ms', column.size, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('used_ms', column.time, (col) => col.notNull())
        .addColumn('ends_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema.createIndex('kernel_sessions_subject').on('kernel_sessions').columns(['face', 'subject']).execute();
    },
  },
  {
    owner: 'kernel',
    id: '0002-limits',
    async up(db) {
      await db.schema
        .createTable('kernel_limits')
        .addColumn('face', column.text, (col) => col.notNull())
        .addColumn('key', column.text, (col) => col.notNull())
        .addColumn('failures', column.count, (col) => col.notNull())
        .addColumn('window_ends_ms', column.time, (col) => col.notNull())
        .addColumn('bans', column.count, (col) => col.notNull())
        .addColumn('banned_until_ms', column.time, (col) => col.notNull())
        .addColumn('forget_ms', column.time, (col) => col.notNull())
        .addPrimaryKeyConstraint('kernel_limits_pk', ['face', 'key'])
        .execute();
    },
  },
  {
    owner: 'kernel',
    id: '0003-agents',
    async up(db) {
      await db.schema
        .createTable('kernel_agents')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('name', column.text, (col) => col.notNull())
        .addColumn('addresses', column.json, (col) => col.notNull())
        .addColumn('data_url', column.text, (col) => col.notNull())
        .addColumn('control_url', column.text, (col) => col.notNull())
        .addColumn('fingerprint', column.text, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('seen_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
  {
    owner: 'kernel',
    id: '0004-audit',
    async up(db) {
      await db.schema
        .createTable('kernel_audit')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('at_ms', column.time, (col) => col.notNull())
        .addColumn('face', column.text, (col) => col.notNull())
        .addColumn('actor', column.text, (col) => col.notNull())
        .addColumn('action', column.text, (col) => col.notNull())
        .addColumn('object', column.text)
        .addColumn('outcome', column.text, (col) => col.notNull())
        .addColumn('correlation_id', column.text)
        .addColumn('address', column.text)
        .addColumn('detail', column.json)
        .execute();
      await db.schema.createIndex('kernel_audit_at').on('kernel_audit').columns(['at_ms']).execute();
      await db.schema.createIndex('kernel_audit_correlation').on('kernel_audit').columns(['correlation_id']).execute();
      await db.schema.createIndex('kernel_audit_object').on('kernel_audit').columns(['object']).execute();
    },
  },
  {
    owner: 'kernel',
    id: '0005-jobs',
    async up(db) {
      await db.schema
        .createTable('kernel_jobs')
        .addColumn('name', column.id, (col) => col.primaryKey())
        .addColumn('schedule', column.text, (col) => col.notNull())
        .addColumn('due_ms', column.time, (col) => col.notNull())
        // Who works on it, for as long as the lease lasts.
        .addColumn('holder', column.text)
        .addColumn('lease_until_ms', column.time, (col) => col.notNull())
        .addColumn('failures', column.count, (col) => col.notNull())
        .addColumn('started_ms', column.time)
        .addColumn('ended_ms', column.time)
        .execute();
    },
  },
  {
    owner: 'kernel',
    id: '0006-keys',
    async up(db) {
      await db.schema
        .createTable('kernel_keys')
        .addColumn('key_id', column.id, (col) => col.primaryKey())
        .addColumn('first_used_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('kernel_gateways')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('name', column.text, (col) => col.notNull())
        .addColumn('key_id', column.text, (col) => col.notNull())
        .addColumn('reads', column.json, (col) => col.notNull())
        .addColumn('seen_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
];
