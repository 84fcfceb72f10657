import type { FakeAcronis } from '@fairlead/acronis/fake';
import type { ManualClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import type { Store } from '@fairlead/kernel/store';
import { describe, expect, test } from 'vitest';
import type { Condition } from '../src/map/types.ts';
import { AlertPusher } from '../src/service/push/alerts.ts';
import type { PushClient } from '../src/service/push/push-client.ts';
import type { CyberappTables } from '../src/store/tables.ts';
import { alertRows, badBackup, clientOf, codeOf, DAY, desireOf, HOUR, MINUTE, partsOf, runAlerts, startFake } from './support/alert-rig.ts';
import { conditions, fact, host, vm } from './support/desire-items.ts';
import { sqlitePlace } from './support/places.ts';

/** Ends the process at one moment: before a write or a call is carried out, or after it was and before anybody knows. */
class Crashes {
  /** The moment; none when it is never reached. */
  readonly #at: number;
  #passed = 0;
  done = false;

  constructor(at: number) {
    this.#at = at;
  }

  get passed(): number {
    return this.#passed;
  }

  /** A process that has ended does nothing more until the next one begins. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    this.#pass();
    const result = await work();
    this.#pass();
    return result;
  }

  #pass(): void {
    this.#passed += 1;
    if (this.done || this.#passed !== this.#at) return;
    this.done = true;
    throw new Error('kill -9');
  }
}

function mortalStore(store: Store, crashes: Crashes): Store {
  return {
    dialect: store.dialect,
    clock: store.clock,
    tables: () => store.tables(),
    transaction: (work) => crashes.around(() => store.transaction(work)),
    isUniqueViolation: (error) => store.isUniqueViolation(error),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function mortalClient({ workloads, alerts }: PushClient, crashes: Crashes): PushClient {
  return {
    datacenter: 'eu8',
    pausedUntil: undefined,
    workloads,
    alerts: {
      create: (draft) => crashes.around(() => alerts.create(draft)),
      dismiss: (id) => crashes.around(() => alerts.dismiss(id)),
      findBySource: (source, stamp) => crashes.around(() => alerts.findBySource(source, stamp)),
      get: (id) => crashes.around(() => alerts.get(id)),
      list: (query) => alerts.list(query),
    },
  };
}

interface Step {
  /** Before it. */
  readonly advance: number;
  readonly before?: (fake: FakeAcronis) => void;
  readonly reconcile?: true;
  readonly leave?: true;
  readonly told: readonly Condition[];
}

/** A day of a customer: alerts come, change level, grow, are dismissed by a person, vanish, end. */
function dayOf(now: number): readonly Step[] {
  const near = badBackup(now, { dedupKey: 'disk_quota:near:s', code: 'disk_quota_near', source: 'blueonyx' });
  const exceeded = badBackup(now, { dedupKey: 'disk_quota:exceeded:s', code: 'disk_quota_exceeded', source: 'blueonyx' });
  const machine = badBackup(now, { dedupKey: 'vm_error:m', code: 'vm_error' });
  const down = (howMany: number) => {
    const items = Array.from({ length: howMany }, (_, at) =>
      vm({ key: `cs:main:vm:0b9a6f2e-7a7c-4d6e-9a52-1f0f6f0f2b3${at}`, name: `m${at}` }),
    );
    return conditions({
      source: 'cloudstack',
      items,
      facts: [fact(host().key, 'host_state', 'Down', { since: now - HOUR })],
      others: [host()],
    });
  };
  const dismissNewest = (fake: FakeAcronis) => fake.dismiss(fake.openAlerts.at(-1)?.id ?? '');
  const purge = (fake: FakeAcronis) => fake.purgeAlert(fake.openAlerts.find((alert) => codeOf(alert) === 'host_down')?.id ?? '');
  return [
    { advance: 0, told: [near, machine] },
    { advance: 11 * MINUTE, told: [near, machine, ...down(2)] },
    { advance: HOUR, told: [exceeded, machine, ...down(3)] },
    { advance: HOUR, before: dismissNewest, reconcile: true, told: [exceeded, ...down(3)] },
    { advance: 2 * HOUR, before: purge, reconcile: true, told: [exceeded, ...down(3)] },
    { advance: 2 * HOUR, told: [exceeded, machine] },
    { advance: 2 * HOUR, reconcile: true, told: [machine] },
    { advance: 2 * HOUR, reconcile: true, told: [machine] },
  ];
}

interface World {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly fake: FakeAcronis;
  readonly client: PushClient;
  readonly crashes: Crashes;
}

/** One life of the process after the other, until the step is through. */
async function through(world: World, step: Step): Promise<void> {
  const { store, clock, client, crashes } = world;
  const signal = new AbortController().signal;
  for (;;) {
    const pusher = new AlertPusher(partsOf(mortalStore(store, crashes), clock));
    const mortal = mortalClient(client, crashes);
    const desire = desireOf(step.told);
    try {
      if (step.leave) await pusher.leave(desire, mortal, signal);
      else {
        if (step.reconcile) await pusher.reconcile(desire, mortal, signal);
        await runAlerts(pusher, mortal, desire, signal);
      }
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'kill -9') throw error;
      clock.advance(11_000);
    }
  }
}

async function start() {
  await using scope = new AsyncScope();
  const { store, clock } = scope.use(await sqlitePlace());
  const fake = scope.use(await startFake(clock));
  const client = scope.use(clientOf(fake, clock));
  const held = scope.move();
  return { store, clock, fake, client, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

async function live(place: Omit<World, 'crashes'>, steps: (now: number) => readonly Step[], at: number) {
  const { store, clock, fake } = place;
  await store.tables<CyberappTables>().deleteFrom('cyberapp_alerts').execute();
  fake.reset();
  const crashes = new Crashes(at);
  for (const { advance, ...step } of steps(clock.now())) {
    clock.advance(advance);
    step.before?.(fake);
    await through({ ...place, crashes }, { advance, ...step });
  }
  const rows = await alertRows(store);
  return {
    ended: crashes.done,
    passed: crashes.passed,
    rows: rows.map(({ dedup_key: key, episode, state, inflight_op: op }) => `${key} ${episode} ${state} ${op}`).toSorted(),
    open: fake.openAlerts.map(codeOf).toSorted(),
    all: fake.alerts.map(codeOf).toSorted(),
    stamps: new Set(fake.alerts.map(({ sourceTimeStamp }) => sourceTimeStamp)).size === fake.alerts.length,
    linked: rows.every(({ state, alert_id: id }) => state !== 'open' || fake.openAlerts.some((alert) => alert.id.toLowerCase() === id)),
  };
}

describe.each<[string, number, (now: number) => readonly Step[]]>([
  ['a day', 0, dayOf],
  ['leaving the tenant', 5, (now) => [...dayOf(now).slice(0, 5), { advance: DAY, leave: true, told: [] }]],
])('cyberapp 9.151: kill -9 at every write and call of %s', (_name, calmSteps, steps) => {
  test('ends in the same state, with no alert twice and none lost', { timeout: 120_000 }, async () => {
    await using place = await start();
    const { passed: before } = await live(place, (now) => steps(now).slice(0, calmSteps), -1);
    const { passed, ended: _none, ...calm } = await live(place, steps, -1);
    expect(passed - before).toBeGreaterThan(8);
    expect(calm).toMatchObject({ stamps: true, linked: true });
    for (let at = before + 1; at <= passed; at += 1) {
      const { passed: _more, ended, ...after } = await live(place, steps, at);
      expect({ at, ended, ...after }).toEqual({ at, ended: true, ...calm });
    }
  });
});
