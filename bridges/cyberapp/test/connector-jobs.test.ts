import { ManualClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { captureLog } from '@fairlead/testkit/capture';
import { describe, expect, test } from 'vitest';
import { checkTenantsJob } from '../src/jobs/check-tenants.ts';
import { runConnectorJob } from '../src/jobs/run-connector.ts';
import { TenantCheck } from '../src/service/push/tenant-check.ts';
import { connectorWorld, HOUR, MINUTE, quickClock } from './support/connector-world.ts';
import { sqlitePlace } from './support/places.ts';

const running = () => new AbortController().signal;

describe('the job of a data center', () => {
  const jobOf = (dueMs: number | undefined, random: number, clock = new ManualClock()) =>
    runConnectorJob({
      datacenterId: 'eu8',
      intervalMs: 30 * MINUTE,
      clock: quickClock(clock),
      random: () => random,
      run: async () => ({ outcome: 'ok', counts: {}, dueMs }),
    });

  test('has the name of its lease, and comes back after an interval give or take a tenth', () => {
    expect(jobOf(undefined, 0).name).toBe('cyberapp.connector.eu8');
    expect([0, 0.5, 1].map((random) => jobOf(undefined, random).schedule.next(0) / MINUTE)).toEqual([27, 30, 33]);
    expect(jobOf(undefined, 0.5).schedule.first(7)).toBe(7);
  });

  test('comes back sooner when something waits, but not before a minute, and not later than usual', async () => {
    for (const [dueMs, minutes] of [
      [5 * MINUTE, 5],
      [1000, 1],
      [5 * HOUR, 30],
    ] as const) {
      const job = jobOf(dueMs, 0.5, new ManualClock(0));
      await job.run(running());
      expect(job.schedule.next(0) / MINUTE).toBe(minutes);
    }
  });

  test('waits up to half a minute the first time a gateway runs it, and is not held up again', async () => {
    const clock = new ManualClock(0);
    const job = jobOf(undefined, 0.5, clock);
    await job.run(running());
    expect(clock.now()).toBe(15_000);
    await job.run(running());
    expect(clock.now()).toBe(15_000);
  });
});

describe('the daily look at tenants', () => {
  test('writes what became of them, and a run leaves alone those that are disabled or gone', async () => {
    await using world = await connectorWorld(sqlitePlace);
    const { c1, c2, next } = world.tenants;
    await world.link(world.as.p1, [world.c2, c2], [world.c3, next]);
    const check = new TenantCheck({ store: world.store, log: captureLog().log });
    const states = async () =>
      new Map(
        (await world.db.selectFrom('cyberapp_mappings').selectAll().execute()).map((row) => [row.acronis_tenant_id, row.tenant_state]),
      );
    await check.check(world.client, running());
    expect([c1, c2, next].map((id) => [id, 'ok'])).toEqual(
      [...(await states())].filter(([id]) => [c1, c2, next].includes(id)).toSorted(order([c1, c2, next])),
    );
    const tenant = (id: string) => world.fake.tenants.get(id);
    Object.assign(tenant(c1) ?? {}, { enabled: false });
    Object.assign(tenant(c2) ?? {}, { deletedAt: world.clock.now() });
    Object.assign(tenant(next) ?? {}, { kind: 'unit' });
    await check.check(world.client, running());
    const found = await states();
    expect([c1, c2, next].map((id) => found.get(id))).toEqual(['disabled', 'gone', 'wrong_kind']);
    const checked = await world.db
      .selectFrom('cyberapp_mappings')
      .select('tenant_checked_ms')
      .where('acronis_tenant_id', '=', c1)
      .executeTakeFirst();
    expect(checked?.tenant_checked_ms).toBe(world.clock.now());
  });

  test('an API client that may not look is not asked again, and nothing is known', async () => {
    await using world = await connectorWorld(sqlitePlace);
    const check = new TenantCheck({ store: world.store, log: captureLog().log });
    world.fake.faults.always('accounts.tenants', { kind: 'status', status: 403 });
    await check.check(world.client, running());
    const before = world.fake.requests.count('accounts.tenants');
    await check.check(world.client, running());
    expect([before, world.fake.requests.count('accounts.tenants')]).toEqual([1, 1]);
    const mapped = await world.db
      .selectFrom('cyberapp_mappings')
      .select('tenant_state')
      .where('acronis_tenant_id', '=', world.tenants.c1)
      .executeTakeFirst();
    expect(mapped?.tenant_state).toBe('unknown');
  });

  test('a data center that fails keeps no other from it, and the job fails', async () => {
    const seen: string[] = [];
    const job = checkTenantsJob([
      async () => {
        throw new Error('down');
      },
      async () => void seen.push(newUuid()),
    ]);
    await expect(job.run(running())).rejects.toThrow('down');
    expect(seen).toHaveLength(1);
  });
});

/** By the place of the id in `ids`. */
function order(ids: readonly string[]) {
  return ([one]: readonly [string, string], [other]: readonly [string, string]) => ids.indexOf(one) - ids.indexOf(other);
}
