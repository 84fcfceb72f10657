import { column, type Migration } from '@fairlead/kernel/store';

/** Migrations of the tables in `write-tables.ts`, oldest first. */
export const writeMigrations: readonly Migration[] = [
  {
    owner: 'ovirt',
    id: '0101-locks',
    async up(db) {
      await db.schema
        .createTable('ovirt_locks')
        .addColumn('resource', column.id, (col) => col.primaryKey())
        .addColumn('ref', column.id, (col) => col.notNull())
        .addColumn('purpose', column.text, (col) => col.notNull())
        .addColumn('holder', column.id, (col) => col.notNull())
        .addColumn('taken_ms', column.time, (col) => col.notNull())
        .addColumn('lease_ms', column.time)
        .execute();
      await db.schema.createIndex('ovirt_locks_ref').on('ovirt_locks').column('ref').execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0102-backups',
    async up(db) {
      await db.schema
        .createTable('ovirt_backups')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('vm_id', column.id, (col) => col.notNull())
        .addColumn('vm_name', column.text, (col) => col.notNull())
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('user_id', column.text, (col) => col.notNull())
        .addColumn('phase', column.text, (col) => col.notNull())
        .addColumn('description', column.text)
        .addColumn('from_checkpoint_id', column.id)
        .addColumn('to_checkpoint_id', column.id)
        .addColumn('disks', column.json, (col) => col.notNull())
        .addColumn('host_id', column.id)
        .addColumn('error', column.text)
        .addColumn('correlation_id', column.text, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('modified_ms', column.time, (col) => col.notNull())
        .addColumn('active_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time)
        .execute();
      await db.schema.createIndex('ovirt_backups_vm').on('ovirt_backups').column('vm_id').execute();
      await db.schema.createIndex('ovirt_backups_phase').on('ovirt_backups').column('phase').execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0103-transfers',
    async up(db) {
      await db.schema
        .createTable('ovirt_transfers')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('disk_id', column.id, (col) => col.notNull())
        .addColumn('vm_id', column.id)
        .addColumn('backup_id', column.id)
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('user_id', column.text, (col) => col.notNull())
        .addColumn('direction', column.text, (col) => col.notNull())
        .addColumn('format', column.text, (col) => col.notNull())
        .addColumn('shallow', column.flag, (col) => col.notNull())
        .addColumn('inactivity_s', column.count, (col) => col.notNull())
        .addColumn('timeout_policy', column.text, (col) => col.notNull())
        .addColumn('phase', column.text, (col) => col.notNull())
        .addColumn('paused_for', column.text)
        .addColumn('host_id', column.id)
        .addColumn('urls', column.text)
        .addColumn('size', column.size, (col) => col.notNull())
        .addColumn('transferred', column.size, (col) => col.notNull())
        .addColumn('error', column.text)
        .addColumn('correlation_id', column.text, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('modified_ms', column.time, (col) => col.notNull())
        .addColumn('active_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time)
        .execute();
      for (const name of ['disk_id', 'vm_id', 'backup_id', 'phase']) {
        await db.schema.createIndex(`ovirt_transfers_${name}`).on('ovirt_transfers').column(name).execute();
      }
    },
  },
  {
    owner: 'ovirt',
    id: '0104-jobs-and-events',
    async up(db) {
      await db.schema
        .createTable('ovirt_jobs')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('cs_job_id', column.id)
        .addColumn('is_last', column.flag, (col) => col.notNull())
        .addColumn('description', column.text, (col) => col.notNull())
        .addColumn('status', column.text, (col) => col.notNull())
        .addColumn('object_type', column.text, (col) => col.notNull())
        .addColumn('object_id', column.id)
        .addColumn('error', column.text)
        .addColumn('correlation_id', column.text, (col) => col.notNull())
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('user_id', column.text, (col) => col.notNull())
        .addColumn('holder', column.id, (col) => col.notNull())
        .addColumn('lease_ms', column.time, (col) => col.notNull())
        .addColumn('started_ms', column.time, (col) => col.notNull())
        .addColumn('updated_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time)
        .execute();
      await db.schema.createIndex('ovirt_jobs_cs').on('ovirt_jobs').column('cs_job_id').execute();
      await db.schema.createIndex('ovirt_jobs_status').on('ovirt_jobs').column('status').execute();
      await db.schema
        .createTable('ovirt_events')
        .addColumn('id', column.size, (col) => col.primaryKey())
        .addColumn('code', column.count, (col) => col.notNull())
        .addColumn('severity', column.text, (col) => col.notNull())
        .addColumn('description', column.text, (col) => col.notNull())
        .addColumn('origin', column.text, (col) => col.notNull())
        .addColumn('custom_id', column.size)
        .addColumn('correlation_id', column.text)
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('user_id', column.text, (col) => col.notNull())
        .addColumn('vm_id', column.id)
        .addColumn('time_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0105-disks-and-restores',
    async up(db) {
      await db.schema
        .createTable('ovirt_disks')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('illegal', column.flag, (col) => col.notNull())
        .addColumn('reason', column.text)
        .addColumn('description', column.text)
        .addColumn('initial_size', column.size)
        .addColumn('creating', column.id)
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('ovirt_creations')
        .addColumn('key', column.id, (col) => col.primaryKey())
        .addColumn('vm_id', column.id, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('ovirt_restores')
        .addColumn('vm_id', column.id, (col) => col.primaryKey())
        .addColumn('body', column.json, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
  {
    owner: 'ovirt',
    id: '0106-creations-for-good',
    async up(db) {
      // The rows before told of the last minute only.
      await db.schema.dropTable('ovirt_creations').execute();
      await db.schema
        .createTable('ovirt_creations')
        .addColumn('key', column.id, (col) => col.primaryKey())
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('subject', column.text, (col) => col.notNull())
        .addColumn('name', column.text, (col) => col.notNull())
        .addColumn('owner', column.json, (col) => col.notNull())
        .addColumn('object_id', column.id, (col) => col.notNull())
        .addColumn('job_id', column.id, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('told_ms', column.time)
        .execute();
      await db.schema.createIndex('ovirt_creations_object').on('ovirt_creations').column('object_id').execute();
    },
  },
];
