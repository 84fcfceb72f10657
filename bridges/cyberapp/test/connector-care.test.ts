import { silentLog } from '@fairlead/kernel/log';
import { kernelMigrations, migrate } from '@fairlead/kernel/store';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { runOnce } from '../src/jobs/run-once.ts';
import { ConnectorCare } from '../src/service/push/care.ts';
import { connectorWorld, HOUR, item, items, MINUTE } from './support/connector-world.ts';
import { sqlitePlace } from './support/places.ts';

const running = () => new AbortController().signal;

describe('what an operator does', () => {
  test('a pause holds until it is ended, for a customer or a data center, also against a run that is under way', async () => {
    await using world = await connectorWorld(sqlitePlace);
    const care = new ConnectorCare(world.store);
    world.show(world.c1, items(1));
    expect(await care.pauseOrganization(world.c1.id)).toBe(1);
    world.clock.advance(365 * 24 * HOUR);
    expect((await world.run()).counts).toEqual({ skipped: 1 });
    expect((await care.status('eu8')).targets).toMatchObject([{ organization_id: world.c1.id, paused_reason: 'operator' }]);
    expect([await care.resumeOrganization(world.c1.id), await care.resumeOrganization(world.c1.id)]).toEqual([1, 0]);
    expect((await world.run()).counts).toMatchObject({ created: 1 });
    const alerts = { ...world.parts().alerts, raise: async () => care.pauseOrganization(world.c1.id).then(() => ({})) };
    await world.run({}, { alerts });
    expect(await world.target()).toMatchObject({ paused_reason: 'operator' });
    await care.pauseDatacenter('eu8');
    expect(await world.run()).toMatchObject({ outcome: 'paused' });
    expect(await care.status('eu8')).toMatchObject({
      pause: { paused_reason: 'operator' },
      workloads: { live: 1 },
      lastRun: { outcome: 'ok' },
    });
    expect([await care.resumeDatacenter('eu8'), await care.resumeDatacenter('eu8')]).toEqual([true, false]);
    expect((await care.status('eu8')).pause).toBeUndefined();
  });

  test('what was refused is tried again when it is asked for, of a customer or one item', async () => {
    await using world = await connectorWorld(sqlitePlace);
    const care = new ConnectorCare(world.store);
    world.show(world.c1, [item('vm-1'), item('vm-2', { attributes: { cpu_count: 'many' } })]);
    await world.run();
    expect((await world.rows()).map((row) => row.state)).toEqual(['live', 'blocked']);
    const before = world.writes();
    await world.run();
    expect(world.writes()).toBe(before);
    expect(await care.retry({ itemKey: 'vm-2' })).toBe(1);
    await world.run();
    expect(world.writes()).toBeGreaterThan(before);
    expect(await care.retry({ organizationId: world.c1.id })).toBe(1);
    expect(await care.retry({ organizationId: world.c2.id })).toBe(0);
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
