import type { Fault } from '@fairlead/acronis/fake';
import { expect, test } from 'vitest';
import { AlertPusher } from '../src/service/push/alerts.ts';
import { APP, type ConnectorWorld, connectorWorld, failedBackup, HOUR, item, MINUTE, quickClock } from './support/connector-world.ts';
import { sqlitePlace } from './support/places.ts';

/** The same numbers for the same seed, from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Answers that are true, wrong, late or missing; none that says yes where it is no: nobody could know. */
const WEATHER: readonly [Fault, ...Fault[]] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'throttle', retryAfter: 1 },
  { kind: 'throttleNoHeader' },
  { kind: 'html', status: 503 },
  { kind: 'unauthorized' },
  { kind: 'reset' },
  { kind: 'resetAfterWrite' },
  { kind: 'half' },
  { kind: 'garbage' },
  { kind: 'wrongType' },
];

const KEYS = Array.from({ length: 12 }, (_, index) => `vm-${index}`);

/** Some of the machines with the first customer, some with the second, some renamed, some without a good backup. */
function shuffle(world: ConnectorWorld, roll: () => number): void {
  const [mine, theirs]: [string[], string[]] = [[], []];
  for (const key of KEYS) {
    const at = roll();
    if (at < 0.5) mine.push(key);
    else if (at < 0.85) theirs.push(key);
  }
  const shown = (key: string) => item(key, { name: `${key} ${Math.floor(roll() * 3)}`, enabled: roll() < 0.8 });
  world.show(world.c1, mine.map(shown));
  world.show(world.c2, theirs.map(shown));
  const failed = (keys: readonly string[]) => keys.filter(() => roll() < 0.4).map((key) => failedBackup(key, world.clock.now()));
  world.suffer(world.c1, failed(mine));
  world.suffer(world.c2, failed(theirs));
}

test.each([1, 2, 3, 4])(
  'whatever goes wrong in a day (seed %i), Acronis shows each machine and alert once when it is over',
  {
    timeout: 120_000,
  },
  async (seed) => {
    await using world = await connectorWorld(sqlitePlace, {
      settings: { batchSize: 4 },
      fake: { visibilityDelayMs: (seed % 3) * 2 * MINUTE, batch: seed % 2 === 0 ? 'partial' : 'all-or-nothing' },
    });
    await world.link(world.as.p1, [world.c2, world.tenants.c2]);
    const roll = dice(seed);
    const alerts = new AlertPusher({
      store: world.store,
      clock: quickClock(world.clock),
      app: APP,
      alertSource: 'fairlead:9c1e',
      random: () => 0,
    });
    world.fake.faults.random(0.45, seed, { faults: WEATHER });
    for (let round = 0; round < 48; round += 1) {
      if (round % 6 === 0) shuffle(world, roll);
      await world.run({}, { alerts });
      world.clock.advance(30 * MINUTE);
    }
    world.fake.faults.clear();
    const allowDeletes = new Set([world.c1.id, world.c2.id]);
    for (let round = 0; round < 40; round += 1) {
      await world.run({ allowDeletes }, { alerts });
      world.clock.advance(round < 20 ? 20 * MINUTE : HOUR);
    }
    const { desires } = await world.collect();
    expect(desires).toHaveLength(2);
    for (const { tenantId, workloads, conditions } of desires) {
      const there = world.fake.workloads.filter((row) => row.tenantId === tenantId).map(({ name, enabled }) => `${name} ${enabled}`);
      expect(there.toSorted()).toEqual(workloads.map(({ name, enabled }) => `${name} ${enabled}`).toSorted());
      const open = world.fake.openAlerts.filter((alert) => alert.tenantId === tenantId).map((alert) => String(alert.details.title));
      expect(open.toSorted()).toEqual(conditions.map(({ title }) => title).toSorted());
    }
    expect(world.fake.sawUnfilteredDelete).toBe(false);
  },
);
