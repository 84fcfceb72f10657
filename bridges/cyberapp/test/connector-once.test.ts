import { silentLog } from '@fairlead/kernel/log';
import { kernelMigrations, migrate } from '@fairlead/kernel/store';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { runOnce } from '../src/jobs/run-once.ts';
import { connectorWorld, HOUR, items, MINUTE, noAlerts } from './support/connector-world.ts';
import { sqlitePlace } from './support/places.ts';

const running = () => new AbortController().signal;

describe('what an operator does', () => {
  test('a pause that an operator begins during a run is still there after it', async () => {
    await using world = await connectorWorld(sqlitePlace);
    world.show(world.c1, items(1));
    const pause = { paused_reason: 'operator', next_attempt_ms: world.clock.now() + 365 * 24 * HOUR };
    const raise = () =>
      world.db
        .updateTable('cyberapp_targets')
        .set(pause)
        .execute()
        .then(() => ({}));
    await world.run({}, { alerts: { ...noAlerts(), raise } });
    expect(await world.target()).toMatchObject(pause);
    expect((await world.run()).counts).toEqual({ skipped: 1 });
  });

  test('one run from the command line waits for the lease of a gateway, and leaves it free', async () => {
    await using world = await connectorWorld(sqlitePlace);
    await migrate(world.store, kernelMigrations);
    world.show(world.c1, items(2));
    const { store, clock } = world;
    const parts = { store, clock, log: silentLog(), datacenterId: 'eu8', intervalMs: 30 * MINUTE };
    const db = store.tables<{ kernel_jobs: { name: string; holder: string | null; lease_until_ms: number; due_ms: number } }>();
    const row = () => db.selectFrom('kernel_jobs').selectAll().where('name', '=', 'cyberapp.connector.eu8').executeTakeFirst();
    const first = await runOnce({ ...parts, run: (signal) => world.run({ trigger: 'operator' }, {}, signal) }, running());
    expect(first).toMatchObject({ outcome: 'ok', counts: { created: 2 } });
    expect(await row()).toMatchObject({ holder: null, lease_until_ms: 0 });
    await db
      .updateTable('kernel_jobs')
      .set({ holder: 'a gateway', lease_until_ms: clock.now() + MINUTE })
      .execute();
    let isDone = false;
    const second = runOnce({ ...parts, run: (signal) => world.run({ trigger: 'operator' }, {}, signal) }, running()).then((result) => {
      isDone = true;
      return result;
    });
    await until(async () => ((await row())?.due_ms ?? Number.POSITIVE_INFINITY) <= clock.now());
    expect(isDone).toBe(false);
    await until(() => {
      clock.advance(5000);
      return isDone;
    });
    expect(await second).toMatchObject({ outcome: 'ok' });
    expect(clock.now()).toBeGreaterThanOrEqual(first.dueMs ?? 0);
  });

  test('one run that is given up, or fails, says why', async () => {
    await using world = await connectorWorld(sqlitePlace);
    await migrate(world.store, kernelMigrations);
    const { store, clock } = world;
    const parts = { store, clock, log: silentLog(), datacenterId: 'eu8', intervalMs: 30 * MINUTE };
    const stop = new AbortController();
    const hanging = runOnce({ ...parts, run: () => Promise.reject(new TypeError('broken')) }, running());
    await expect(hanging).rejects.toThrow('broken');
    const given = runOnce(
      {
        ...parts,
        run: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
      stop.signal,
    );
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
  });
});
