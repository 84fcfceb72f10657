import { column, type Migration } from '@fairlead/kernel/store';

export interface TicketRow {
  /** HMAC of the ticket's id; the id itself is kept nowhere. */
  digest: string;
  agent: string;
  transfer_id: string;
  size: number;
  ops: string;
  timeout_s: number;
  inactivity_s: number;
  expires_ms: number;
  sparse: number;
  dirty: number;
  url: string;
  filename: string | null;
  /** JSON list of [start, end] pairs already moved. */
  moved: string;
  canceled: number;
  failure_code: string | null;
  failure_text: string | null;
  created_ms: number;
}

/** What the agent runs or has run: exports, transfers and backups. */
export interface JobRow {
  id: string;
  agent: string;
  kind: string;
  /** Held while the job is open; unique, so that a second one is refused by the store itself. */
  exclusive: string | null;
  state: string;
  /** JSON, by kind. */
  spec: string;
  pid: number | null;
  socket: string | null;
  failure_code: string | null;
  failure_text: string | null;
  created_ms: number;
  changed_ms: number;
}

/** What the gateway knows of a transfer: which agent carries it, and where the proxy finds its bytes. */
export interface RouteRow {
  transfer_id: string;
  /** Null when the transfer has ended. */
  digest: string | null;
  agent: string;
  host_id: string;
  data_url: string;
  ops: string;
  size: number;
  inactivity_s: number;
  created_ms: number;
  ended_ms: number | null;
}

/** What the gateway knows of a backup. */
export interface BackupRow {
  id: string;
  vm_id: string;
  /** The VM's id while the backup is open, else null. */
  open_vm: string | null;
  agent: string;
  host_id: string;
  /** JSON of the last known state. */
  state: string;
  created_ms: number;
  ended_ms: number | null;
}

export interface ImageTables {
  image_tickets: TicketRow;
  image_jobs: JobRow;
  image_routes: RouteRow;
  image_backups: BackupRow;
}

export const imageMigrations: readonly Migration[] = [
  {
    owner: 'image',
    id: '0001-agent',
    async up(db) {
      await db.schema
        .createTable('image_tickets')
        .addColumn('digest', column.id, (col) => col.primaryKey())
        .addColumn('agent', column.text, (col) => col.notNull())
        .addColumn('transfer_id', column.text, (col) => col.notNull())
        .addColumn('size', column.size, (col) => col.notNull())
        .addColumn('ops', column.text, (col) => col.notNull())
        .addColumn('timeout_s', column.size, (col) => col.notNull())
        .addColumn('inactivity_s', column.size, (col) => col.notNull())
        .addColumn('expires_ms', column.time, (col) => col.notNull())
        .addColumn('sparse', column.flag, (col) => col.notNull())
        .addColumn('dirty', column.flag, (col) => col.notNull())
        .addColumn('url', column.text, (col) => col.notNull())
        .addColumn('filename', column.text)
        .addColumn('moved', column.json, (col) => col.notNull())
        .addColumn('canceled', column.flag, (col) => col.notNull())
        .addColumn('failure_code', column.text)
        .addColumn('failure_text', column.text)
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .execute();
      await db.schema
        .createTable('image_jobs')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('agent', column.text, (col) => col.notNull())
        .addColumn('kind', column.text, (col) => col.notNull())
        .addColumn('exclusive', column.text, (col) => col.unique())
        .addColumn('state', column.text, (col) => col.notNull())
        .addColumn('spec', column.json, (col) => col.notNull())
        .addColumn('pid', column.count)
        .addColumn('socket', column.text)
        .addColumn('failure_code', column.text)
        .addColumn('failure_text', column.text)
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('changed_ms', column.time, (col) => col.notNull())
        .execute();
    },
  },
  {
    owner: 'image',
    id: '0002-gateway',
    async up(db) {
      await db.schema
        .createTable('image_routes')
        .addColumn('transfer_id', column.id, (col) => col.primaryKey())
        .addColumn('digest', column.text, (col) => col.unique())
        .addColumn('agent', column.text, (col) => col.notNull())
        .addColumn('host_id', column.text, (col) => col.notNull())
        .addColumn('data_url', column.text, (col) => col.notNull())
        .addColumn('ops', column.text, (col) => col.notNull())
        .addColumn('size', column.size, (col) => col.notNull())
        .addColumn('inactivity_s', column.size, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time)
        .execute();
      await db.schema
        .createTable('image_backups')
        .addColumn('id', column.id, (col) => col.primaryKey())
        .addColumn('vm_id', column.text, (col) => col.notNull())
        .addColumn('open_vm', column.text, (col) => col.unique())
        .addColumn('agent', column.text, (col) => col.notNull())
        .addColumn('host_id', column.text, (col) => col.notNull())
        .addColumn('state', column.json, (col) => col.notNull())
        .addColumn('created_ms', column.time, (col) => col.notNull())
        .addColumn('ended_ms', column.time)
        .execute();
    },
  },
];
