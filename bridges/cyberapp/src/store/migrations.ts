import { column, type Migration } from '@fairlead/kernel/store';
import { type Kysely, sql } from 'kysely';

const owner = 'cyberapp';

/** Tables of cyberapp 3.3, in the order in which they came to be. */
export const cyberappMigrations: readonly Migration[] = [
  {
    owner,
    id: '001-organizations-users',
    async up(db) {
      await organizations(db);
      await users(db);
    },
  },
  {
    owner,
    id: '002-mappings-requests',
    async up(db) {
      await mappings(db);
      await requests(db);
    },
  },
  { owner, id: '003-sources', up: sources },
  {
    owner,
    id: '004-workloads-alerts-targets-runs',
    async up(db) {
      await workloads(db);
      await alerts(db);
      await targets(db);
      await runs(db);
    },
  },
  { owner, id: '005-password-resets', up: passwordResets },
];

async function organizations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_organizations')
    .addColumn('id', column.id, (col) => col.primaryKey())
    .addColumn('parent_id', column.id, (col) => col.references('cyberapp_organizations.id').onDelete('restrict'))
    .addColumn('path', column.text, (col) => col.notNull().unique())
    .addColumn('depth', column.count, (col) => col.notNull())
    .addColumn('kind', column.text, (col) => col.notNull().check(sql`kind in ('partner', 'customer')`))
    .addColumn('name', column.text, (col) => col.notNull())
    .addColumn('state', column.text, (col) => col.notNull().check(sql`state in ('active', 'suspended')`))
    .addColumn('external_ref', column.text)
    .addColumn('origin', column.text, (col) => col.notNull().check(sql`origin in ('local', 'mirrored', 'imported')`))
    .addColumn('push', column.text, (col) => col.notNull().check(sql`push in ('all', 'workloads', 'alerts', 'none')`))
    .addColumn('sees_infrastructure', column.flag, (col) => col.notNull())
    .addColumn('created_ms', column.time, (col) => col.notNull())
    .addColumn('updated_ms', column.time, (col) => col.notNull())
    .addColumn('version', column.count, (col) => col.notNull())
    .execute();
  await db.schema.createIndex('cyberapp_organizations_parent').on('cyberapp_organizations').column('parent_id').execute();
}

async function users(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_users')
    .addColumn('id', column.id, (col) => col.primaryKey())
    .addColumn('organization_id', column.id, (col) => col.notNull().references('cyberapp_organizations.id').onDelete('restrict'))
    .addColumn('login', column.text, (col) => col.notNull())
    .addColumn('login_key', column.text, (col) => col.notNull().unique())
    .addColumn('name', column.text, (col) => col.notNull())
    .addColumn('email', column.text, (col) => col.notNull())
    .addColumn('password_hash', column.text)
    .addColumn('credential_version', column.count, (col) => col.notNull())
    .addColumn('password_changed_ms', column.time)
    .addColumn('state', column.text, (col) => col.notNull().check(sql`state in ('active', 'suspended')`))
    .addColumn('last_login_ms', column.time)
    .addColumn('created_ms', column.time, (col) => col.notNull())
    .addColumn('updated_ms', column.time, (col) => col.notNull())
    .execute();
  await db.schema.createIndex('cyberapp_users_organization').on('cyberapp_users').column('organization_id').execute();
}

async function mappings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_mappings')
    .addColumn('organization_id', column.id, (col) => col.primaryKey().references('cyberapp_organizations.id').onDelete('restrict'))
    .addColumn('acronis_tenant_id', column.id, (col) => col.notNull().unique())
    .addColumn('datacenter_id', column.text, (col) => col.notNull())
    .addColumn('datacenter_url', column.text, (col) => col.notNull())
    .addColumn('mapped_by_organization_id', column.id, (col) => col.notNull())
    .addColumn('mapped_by_user_id', column.id, (col) => col.notNull())
    .addColumn('request_id', column.id, (col) => col.notNull())
    .addColumn('created_ms', column.time, (col) => col.notNull())
    .addColumn('updated_ms', column.time, (col) => col.notNull())
    .addColumn('tenant_state', column.text, (col) => col.notNull())
    .addColumn('tenant_checked_ms', column.time)
    .execute();
  await db.schema.createIndex('cyberapp_mappings_by').on('cyberapp_mappings').column('mapped_by_organization_id').execute();
  await db.schema.createIndex('cyberapp_mappings_datacenter').on('cyberapp_mappings').column('datacenter_id').execute();
}

async function requests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_requests')
    .addColumn('organization_id', column.id, (col) => col.notNull())
    .addColumn('request_id', column.id, (col) => col.notNull())
    .addColumn('callback_id', column.text, (col) => col.notNull())
    .addColumn('digest', column.text, (col) => col.notNull())
    .addColumn('status', column.count, (col) => col.notNull())
    .addColumn('response', column.text, (col) => col.notNull())
    .addColumn('created_ms', column.time, (col) => col.notNull())
    .addColumn('expires_ms', column.time, (col) => col.notNull())
    .addPrimaryKeyConstraint('cyberapp_requests_pk', ['organization_id', 'request_id'])
    .execute();
  await db.schema.createIndex('cyberapp_requests_expires').on('cyberapp_requests').column('expires_ms').execute();
}

async function sources(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_sources')
    .addColumn('id', column.id, (col) => col.primaryKey())
    .addColumn('organization_id', column.id, (col) => col.notNull().references('cyberapp_organizations.id').onDelete('restrict'))
    .addColumn('source', column.text, (col) => col.notNull().check(sql`source in ('cloudstack', 'blueonyx', 'ovh')`))
    .addColumn('selector_kind', column.text, (col) => col.notNull())
    .addColumn('selector', column.text, (col) => col.notNull())
    .addColumn('priority', column.count, (col) => col.notNull())
    .addColumn('created_ms', column.time, (col) => col.notNull())
    .addUniqueConstraint('cyberapp_sources_rule', ['source', 'selector_kind', 'selector'])
    .execute();
}

async function workloads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_workloads')
    .addColumn('acronis_tenant_id', column.id, (col) => col.notNull())
    .addColumn('item_key', column.text, (col) => col.notNull())
    .addColumn('organization_id', column.id, (col) => col.notNull())
    .addColumn('datacenter_id', column.text, (col) => col.notNull())
    .addColumn('source', column.text, (col) => col.notNull())
    .addColumn('type', column.text, (col) => col.notNull())
    .addColumn('name', column.text, (col) => col.notNull())
    .addColumn('workload_id', column.id)
    .addColumn('state', column.text, (col) => col.notNull())
    .addColumn('content_hash', column.text)
    .addColumn('sent_hash', column.text)
    .addColumn('body', column.json, (col) => col.notNull())
    .addColumn('first_seen_ms', column.time, (col) => col.notNull())
    .addColumn('last_seen_ms', column.time, (col) => col.notNull())
    .addColumn('missing_since_ms', column.time)
    .addColumn('missing_runs', column.count, (col) => col.notNull())
    .addColumn('inflight_op', column.text)
    .addColumn('inflight_since_ms', column.time)
    .addColumn('attempts', column.count, (col) => col.notNull())
    .addColumn('next_attempt_ms', column.time, (col) => col.notNull())
    .addColumn('last_error', column.text)
    .addColumn('updated_ms', column.time, (col) => col.notNull())
    .addPrimaryKeyConstraint('cyberapp_workloads_pk', ['acronis_tenant_id', 'item_key'])
    .execute();
  await db.schema.createIndex('cyberapp_workloads_due').on('cyberapp_workloads').columns(['state', 'next_attempt_ms']).execute();
  await db.schema.createIndex('cyberapp_workloads_organization').on('cyberapp_workloads').column('organization_id').execute();
}

async function alerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_alerts')
    .addColumn('acronis_tenant_id', column.id, (col) => col.notNull())
    .addColumn('dedup_key', column.text, (col) => col.notNull())
    .addColumn('episode', column.count, (col) => col.notNull())
    .addColumn('organization_id', column.id, (col) => col.notNull())
    .addColumn('datacenter_id', column.text, (col) => col.notNull())
    .addColumn('alert_type', column.text, (col) => col.notNull())
    .addColumn('severity', column.text, (col) => col.notNull())
    .addColumn('item_key', column.text)
    .addColumn('state', column.text, (col) => col.notNull())
    .addColumn('alert_id', column.id)
    .addColumn('source_stamp', column.size, (col) => col.notNull().unique())
    .addColumn('content_hash', column.text, (col) => col.notNull())
    .addColumn('body', column.json, (col) => col.notNull())
    .addColumn('opened_ms', column.time, (col) => col.notNull())
    .addColumn('last_true_ms', column.time, (col) => col.notNull())
    .addColumn('false_since_ms', column.time)
    .addColumn('closed_ms', column.time)
    .addColumn('dismissed_ms', column.time)
    .addColumn('inflight_op', column.text)
    .addColumn('inflight_since_ms', column.time)
    .addColumn('attempts', column.count, (col) => col.notNull())
    .addColumn('next_attempt_ms', column.time, (col) => col.notNull())
    .addColumn('last_error', column.text)
    .addColumn('updated_ms', column.time, (col) => col.notNull())
    .addPrimaryKeyConstraint('cyberapp_alerts_pk', ['acronis_tenant_id', 'dedup_key', 'episode'])
    .execute();
  await db.schema.createIndex('cyberapp_alerts_due').on('cyberapp_alerts').columns(['state', 'next_attempt_ms']).execute();
  await db.schema.createIndex('cyberapp_alerts_organization').on('cyberapp_alerts').column('organization_id').execute();
  await db.schema.createIndex('cyberapp_alerts_alert').on('cyberapp_alerts').column('alert_id').execute();
}

async function targets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_targets')
    .addColumn('datacenter_id', column.text, (col) => col.notNull())
    .addColumn('acronis_tenant_id', column.id, (col) => col.notNull())
    .addColumn('organization_id', column.id, (col) => col.notNull())
    .addColumn('consecutive_failures', column.count, (col) => col.notNull())
    .addColumn('next_attempt_ms', column.time, (col) => col.notNull())
    .addColumn('last_ok_ms', column.time)
    .addColumn('last_error', column.text)
    .addColumn('paused_reason', column.text)
    .addPrimaryKeyConstraint('cyberapp_targets_pk', ['datacenter_id', 'acronis_tenant_id'])
    .execute();
  await db.schema.createIndex('cyberapp_targets_due').on('cyberapp_targets').column('next_attempt_ms').execute();
}

async function runs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_runs')
    .addColumn('id', column.id, (col) => col.primaryKey())
    .addColumn('datacenter_id', column.text, (col) => col.notNull())
    .addColumn('started_ms', column.time, (col) => col.notNull())
    .addColumn('finished_ms', column.time)
    .addColumn('trigger', column.text, (col) => col.notNull())
    .addColumn('dry_run', column.flag, (col) => col.notNull())
    .addColumn('counts', column.json, (col) => col.notNull())
    .addColumn('outcome', column.text, (col) => col.notNull())
    .addColumn('node', column.text, (col) => col.notNull())
    .execute();
  await db.schema.createIndex('cyberapp_runs_started').on('cyberapp_runs').columns(['datacenter_id', 'started_ms']).execute();
  await db.schema
    .createTable('cyberapp_counters')
    .addColumn('name', column.text, (col) => col.primaryKey())
    .addColumn('value', column.size, (col) => col.notNull())
    .execute();
}

async function passwordResets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cyberapp_password_resets')
    .addColumn('token_digest', column.text, (col) => col.primaryKey())
    .addColumn('user_id', column.id, (col) => col.notNull().references('cyberapp_users.id').onDelete('cascade'))
    .addColumn('requested_ms', column.time, (col) => col.notNull())
    .addColumn('expires_ms', column.time, (col) => col.notNull())
    .addColumn('used_ms', column.time)
    .execute();
}
