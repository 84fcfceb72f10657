import type { Store } from '@fairlead/kernel/store';
import { describe, expect, test } from 'vitest';
import type { AlertSteps } from '../../src/service/push/alert-steps.ts';
import { AlertPusher } from '../../src/service/push/alerts.ts';
import { APP, type ConnectorWorld, connectorWorld, failedBackup, item, items, MINUTE, noAlerts } from './connector-world.ts';
import { Executioner, mortalClient, mortalStore } from './crash-points.ts';
import type { NewPlace } from './places.ts';

const MOST_STEPS = 400;

/** A gateway that is killed at any write, and another that goes on (cyberapp 4.7). With `stride`, at every so manyth one. */
export function testCrashes(dialect: string, newPlace: NewPlace, stride = 1): void {
  describe(`kill -9 (${dialect})`, () => {
    test('cyberapp 9.151: killed at any point of a first run, the next ones create everything, once', { timeout: 300_000 }, async () => {
      await everyStep(newPlace, {
        stride,
        prepare: async (world) => world.show(world.c1, items(5)),
        expected: async (world) => expect(world.keysAt()).toEqual(['vm-1', 'vm-2', 'vm-3', 'vm-4', 'vm-5']),
        deaths: ['before a creation', 'after a creation'],
      });
    });

    test('cyberapp 9.151: killed while it adds, changes and removes, the next ones end the same', { timeout: 300_000 }, async () => {
      await everyStep(newPlace, {
        stride,
        prepare: async (world) => {
          await world.link(world.as.p1, [world.c2, world.tenants.c2]);
          world.show(world.c1, items(5));
          world.show(world.c2, [item('other')]);
          await world.run();
          world.show(world.c1, [item('vm-1', { name: 'renamed' }), item('vm-2', { enabled: false }), item('vm-3'), item('vm-6')]);
          world.show(world.c2, [item('other'), item('vm-4'), item('vm-5')]);
        },
        expected: async (world) => {
          expect(world.keysAt()).toEqual(['vm-1', 'vm-2', 'vm-3', 'vm-6']);
          expect(world.keysAt(world.tenants.c2)).toEqual(['other', 'vm-4', 'vm-5']);
          const named = world.fake.workloads.map(({ name, enabled, externalId }) => [externalId, name, enabled]);
          expect(named).toContainEqual(['vm-1', 'renamed', true]);
          expect(named).toContainEqual(['vm-2', 'vm-2', false]);
        },
        deaths: ['before a creation', 'after a creation', 'before an update', 'after an update', 'before a removal', 'after a removal'],
      });
    });

    test('cyberapp 9.151: killed between workloads and alerts, the next ones raise and close each once', { timeout: 300_000 }, async () => {
      await everyStep(newPlace, {
        stride,
        alerts: (store) => new AlertPusher({ store, clock: store.clock, app: APP, alertSource: 'fairlead:9c1e', random: () => 0 }),
        prepare: async (world) => {
          world.show(world.c1, items(2));
          world.suffer(world.c1, [failedBackup('vm-1', world.clock.now())]);
          await world.run(
            {},
            { alerts: new AlertPusher({ store: world.store, clock: world.clock, app: APP, alertSource: 'fairlead:9c1e' }) },
          );
          world.show(world.c1, items(3));
          world.suffer(world.c1, [failedBackup('vm-2', world.clock.now()), failedBackup('vm-3', world.clock.now())]);
        },
        expected: async (world) => {
          expect(world.keysAt()).toEqual(['vm-1', 'vm-2', 'vm-3']);
          const open = world.fake.openAlerts.map((alert) => alert.details.title).toSorted();
          expect(open).toEqual(['Backup of vm-2 failed', 'Backup of vm-3 failed']);
        },
        deaths: ['before a creation', 'after a creation', 'before an alert', 'after an alert', 'before a dismissal', 'after a dismissal'],
      });
    });

    test('cyberapp 9.151: killed while a tenant is left, the next ones leave nothing', { timeout: 300_000 }, async () => {
      await everyStep(newPlace, {
        stride,
        prepare: async (world) => {
          world.show(world.c1, items(3));
          await world.run();
          await world.link(world.as.p1, [world.c1, undefined]);
        },
        expected: async (world) => {
          expect([world.keysAt(), await world.rows()]).toEqual([[], []]);
        },
        deaths: ['before a removal', 'after a removal'],
      });
    });
  });
}

interface Story {
  /** Steps of alerts on a store; default: none. */
  readonly alerts?: (store: Store) => AlertSteps;
  /** Of how many steps one is tried. */
  readonly stride: number;
  readonly prepare: (world: ConnectorWorld) => Promise<void>;
  readonly expected: (world: ConnectorWorld) => Promise<void>;
  /** Where somebody must have died on the way. */
  readonly deaths: readonly string[];
}

async function everyStep(newPlace: NewPlace, { prepare, expected, deaths, stride, alerts = () => noAlerts() }: Story): Promise<void> {
  const seen = new Set<string>();
  for (let at = 1; at < MOST_STEPS; at += stride) {
    await using world = await connectorWorld(newPlace, { settings: { batchSize: 2, concurrency: 1 } });
    await prepare(world);
    const death = new Executioner(at);
    const store = mortalStore(world.store, death);
    const killed = world.run({}, { store, client: mortalClient(world.client, death), alerts: alerts(store) });
    await killed.catch(() => undefined);
    seen.add(death.where);
    for (const minutes of [0, 1, 6, 6, 6, 1]) {
      world.clock.advance(minutes * MINUTE);
      await world.run({}, { alerts: alerts(world.store) });
    }
    await expected(world);
    const left = (await world.rows()).filter(
      (row) => row.state !== 'live' || row.inflight_op !== null || row.sent_hash !== row.content_hash,
    );
    expect(left, `rows after death at step ${at}, ${death.where}`).toEqual([]);
    const writes = world.writes();
    world.clock.advance(30 * MINUTE);
    await world.run({}, { alerts: alerts(world.store) });
    expect(world.writes(), `writes after death at step ${at}`).toBe(writes);
    if (death.isDead) continue;
    if (stride === 1) expect([...seen]).toEqual(expect.arrayContaining([...deaths]));
    return;
  }
  expect.fail('a run never came to its end');
}
