import { column, type Migration } from '@fairlead/kernel/store';

/** Tables of the JSON face: queues of transactions (cce 8.2), answers that are kept for a while, events that can be replayed (cce 12). */
export const queueMigrations: readonly Migration[] = [
  {
    owner: 'cce',
    id: '0101-queue',
    async up(db) {
      await db.schema
        .createTable('cce_queues')
        .addColumn('queue_key', column.id, (col) => col.primaryKey())
        .addColumn('id', column.id, (col) => col.notNull())
        .addColumn('user_name', column.text, (col) => col.notNull())
        .addColumn('refs', column.flag, (col) => col.notNull())
        .addColumn('atomic', column.flag)
        .addColumn('commands', column.count, (col) => col.notNull())
        .addColumn('bytes', column.size, (col) => col.notNull())
        .addColumn('touched_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema.createIndex('cce_queues_touched').on('cce_queues').column('touched_ms').execute();
      await db.schema
        .createTable('cce_queue')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('queue_id', column.id, (col) => col.notNull())
        .addColumn('position', column.count, (col) => col.notNull())
        .addColumn('oid', column.text)
        .addColumn('command', column.text, (col) => col.notNull())
        .execute();
      await db.schema.createIndex('cce_queue_place').on('cce_queue').columns(['queue_id', 'position']).unique().execute();
    },
  },
  {
    owner: 'cce',
    id: '0102-kept-answers',
    async up(db) {
      await db.schema
        .createTable('cce_answers')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('request', column.text, (col) => col.notNull())
        .addColumn('answer', column.json)
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema.createIndex('cce_answers_created').on('cce_answers').column('created_ms').execute();
    },
  },
  {
    owner: 'cce',
    id: '0103-events',
    async up(db) {
      await db.schema
        .createTable('cce_events')
        .addColumn('id', column.size, (col) => col.primaryKey())
        .addColumn('txn', column.text, (col) => col.notNull())
        .addColumn('oid', column.text, (col) => col.notNull())
        .addColumn('class', column.text, (col) => col.notNull())
        .addColumn('namespace', column.text, (col) => col.notNull())
        .addColumn('property', column.text, (col) => col.notNull())
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('at_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
];
