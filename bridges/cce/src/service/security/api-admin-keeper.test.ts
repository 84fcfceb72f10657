import { ManualClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { migrate, openStore } from '@fairlead/kernel/store';
import { expect, test, vi } from 'vitest';
import { Lease, leaseMigrations } from '../../store/leases.ts';
import { ApiAdminKeeper } from './api-admin-keeper.ts';
import type { PasswordFile } from './password-file.ts';

test('of two gateways on one store one prepares api-admin, the other when that one is gone', async () => {
  const clock = new ManualClock();
  const log = silentLog();
  await using store = await openStore({ url: ':memory:', stateDir: '/', log, clock });
  await migrate(store, leaseMigrations);
  const written: string[] = [];
  const start = (name: string) =>
    ApiAdminKeeper.start({
      doors: [async () => undefined as never],
      file: { write: async () => void written.push(name) } as unknown as PasswordFile,
      clock,
      log,
      lease: new Lease('cce.api-admin', store),
    });
  const first = await start('first');
  await using second = await start('second');
  expect(written).toEqual(['first']);
  expect([first.failure, second.failure]).toEqual([undefined, undefined]);

  for (let minute = 0; minute < 3; minute++) {
    clock.advance(20_000);
    await vi.waitFor(async () => {
      const rows = await store.tables<{ cce_leases: { until_ms: number } }>().selectFrom('cce_leases').selectAll().execute();
      expect(rows[0]?.until_ms).toBe(clock.now() + 60_000);
    });
  }
  expect(written).toEqual(['first']);
  await first[Symbol.asyncDispose]();
  await vi.waitFor(() => {
    clock.advance(20_000);
    expect(written).toEqual(['first', 'second']);
  });
});
