import { type Kysely, sql, type Transaction } from 'kysely';
import type { Store } from './store.ts';

/** One step of the schema. Applied once, in the order of the list, never changed after a release. */
export interface Migration {
  /** Prefix of all its tables: `kernel`, a bridge's id, `codb`. */
  readonly owner: string;
  readonly id: string;
  up(db: Kysely<unknown>): Promise<void>;
}

interface MigrationTables {
  kernel_migrations: { owner: string; id: string; applied_ms: number };
}

/** Any number; two gateways that start at once wait for each other on it. */
const advisoryLock = 3_187_202_611;

/**
 * Brings the schema up to date, all of it or nothing, safe when several gateways start at once. Answers what was applied (`owner/id`).
 * Throws `TypeError` when a step makes a table without its owner's prefix.
 */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<string[]> {
  return store.transaction<MigrationTables, string[]>(async (trx) => {
    if (store.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(trx);
    await trx.schema
      .createTable('kernel_migrations')
      .ifNotExists()
      .addColumn('owner', 'text', (col) => col.notNull())
      .addColumn('id', 'text', (col) => col.notNull())
      .addColumn('applied_ms', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('kernel_migrations_pk', ['owner', 'id'])
      .execute();
    const rows = await trx.selectFrom('kernel_migrations').select(['owner', 'id']).execute();
    const done = new Set(rows.map(nameOf));
    const applied: string[] = [];
    for (const migration of migrations) {
      if (done.has(nameOf(migration))) continue;
      await apply(store, trx, migration);
      await trx
        .insertInto('kernel_migrations')
        .values({ owner: migration.owner, id: migration.id, applied_ms: store.clock.now() })
        .execute();
      applied.push(nameOf(migration));
    }
    return applied;
  });
}

/** What `migrate` would apply (`owner/id`); changes nothing. */
export async function pendingMigrations(store: Store, migrations: readonly Migration[]): Promise<readonly string[]> {
  const isThere = await store.transaction<MigrationTables, boolean>(async (trx) =>
    (await tableNames(store, trx)).includes('kernel_migrations'),
  );
  if (!isThere) return migrations.map(nameOf);
  const rows = await store.tables<MigrationTables>().selectFrom('kernel_migrations').select(['owner', 'id']).execute();
  const done = new Set(rows.map(nameOf));
  return migrations.map(nameOf).filter((name) => !done.has(name));
}

function nameOf(migration: { readonly owner: string; readonly id: string }): string {
  return `${migration.owner}/${migration.id}`;
}

async function apply(store: Store, trx: Transaction<MigrationTables>, migration: Migration): Promise<void> {
  const before = await tableNames(store, trx);
  await migration.up(trx as unknown as Kysely<unknown>);
  const foreign = (await tableNames(store, trx)).filter((name) => !before.includes(name) && !name.startsWith(`${migration.owner}_`));
  if (foreign.length > 0)
    throw new TypeError(`Migration ${nameOf(migration)} makes ${foreign.join(', ')} without the prefix ${migration.owner}_`);
}

async function tableNames(store: Store, trx: Transaction<MigrationTables>): Promise<string[]> {
  const query =
    store.dialect === 'postgres'
      ? sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = current_schema()`
      : sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`;
  return (await query.execute(trx)).rows.map((row) => row.name);
}
