import { silentLog } from '@fairlead/kernel/log';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { TurnableClock } from '@fairlead/testkit/clock';
import { expect, test } from 'vitest';
import { forgetViewsJob } from '../src/jobs/forget-views.ts';
import { InventoryRows } from '../src/store/inventory-rows.ts';
import { migrations } from '../src/store/migrations.ts';
import { OvirtStore } from '../src/store/ovirt-store.ts';

const DAY = 86_400_000;

test('what is kept for a key that nobody used for a month goes, that of the service key and of keys in use stays', async () => {
  const clock = new TurnableClock();
  await using opened = await openStore({ url: ':memory:', stateDir: '/', log: silentLog(), clock });
  await migrate(opened, [...kernelMigrations, ...migrations]);
  const store = new OvirtStore(opened);
  const rows = new InventoryRows(store);
  const list = (scope: string) => rows.replace({ kind: 'vm', scope }, new Map([['a', '{}']]), clock.now());
  const kept = async () =>
    (await store.tables.selectFrom('ovirt_inventory').select('scope').orderBy('scope').execute()).map((row) => row.scope);
  for (const scope of ['service', 'key of yesterday', 'key in use']) await list(scope);
  clock.advance(31 * DAY);
  await list('key in use');
  const job = forgetViewsJob({ store, context: { clock, log: silentLog() } });

  await job.run(new AbortController().signal);

  expect(await kept()).toEqual(['key in use', 'service']);
  expect(await rows.state({ kind: 'vm', scope: 'key of yesterday' })).toBeUndefined();
});
