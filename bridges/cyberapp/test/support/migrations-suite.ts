import { ManualClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, openStore, type Store } from '@fairlead/kernel/store';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { Organizations } from '../../src/service/organizations.ts';
import { cyberappMigrations } from '../../src/store/migrations.ts';

/** An empty database, opened with what is to be closed with it. */
export type NewDatabase = (scope: AsyncScope) => Promise<string>;

/** Every column and index as the database itself tells them. */
async function dump(store: Store): Promise<readonly string[]> {
  const query =
    store.dialect === 'postgres'
      ? sql<{ line: string }>`
          select table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable as line from information_schema.columns
            where table_schema = current_schema() and table_name like 'cyberapp%'
          union all select indexdef from pg_indexes where schemaname = current_schema() and tablename like 'cyberapp%'
          union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conname like 'cyberapp%'`
      : sql<{ line: string }>`select name || ' ' || coalesce(sql, '') as line from sqlite_master where tbl_name like 'cyberapp%'`;
  return (await query.execute(store.tables<Record<string, never>>())).rows.map(({ line }) => line).toSorted();
}

/** Upgrades, the same on both databases. */
export function testMigrations(name: string, newDatabase: NewDatabase): void {
  describe(`migrations on ${name}`, () => {
    const versions = cyberappMigrations.map((_, at) => at + 1);

    test.each(versions)('cyberapp 9.176: from version %i on there is the same schema, and what was there is there', async (version) => {
      await using scope = new AsyncScope();
      const open = async () =>
        scope.use(await openStore({ url: await newDatabase(scope), stateDir: '/nonexistent', log: silentLog(), clock: new ManualClock() }));
      const [fresh, old] = [await open(), await open()];
      await migrate(fresh, cyberappMigrations);
      await migrate(old, cyberappMigrations.slice(0, version));
      const kept = await new Organizations(old).add({ name: 'of an earlier version', kind: 'partner' });
      expect(await migrate(old, cyberappMigrations)).toHaveLength(cyberappMigrations.length - version);
      expect(await migrate(old, cyberappMigrations)).toEqual([]);
      const schema = await dump(fresh);
      expect(schema.length).toBeGreaterThan(20);
      expect(await dump(old)).toEqual(schema);
      expect(await new Organizations(old).all()).toEqual([kept]);
    });
  });
}
