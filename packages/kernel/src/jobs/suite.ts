import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { AsyncScope } from '../lifecycle/index.ts';
import { silentLog } from '../log/index.ts';
import { Metrics } from '../metrics/index.ts';
import { kernelMigrations, migrate, type Store } from '../store/index.ts';
import type { StorePlace } from '../store/suite.ts';
import { type Job, Jobs } from './jobs.ts';
import { JobRows } from './rows.ts';
import { runOnce } from './run-once.ts';
import { every } from './schedule.ts';

const MINUTE = 60_000;
const PATIENCE_MS = 15_000;

/** What jobs must do on every store; `newPlace` makes an empty one whose stores go by this clock. */
export function testJobs(name: string, newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  describe(`jobs: ${name}`, () => {
    testTaking(newPlace);
    testEnding(newPlace);
    testLeases(newPlace);
    testOnce(newPlace);
  });
}

function testTaking(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  test('of several gateways one takes a due job, each time it is due', async () => {
    await using world = await start(newPlace);
    let runs = 0;
    const count = async () => void runs++;
    world.gateway([job(count)]);
    world.gateway([job(count)]);
    world.gateway([job(count)]);

    for (let round = 1; round <= 4; round++) {
      await world.until(() => runs === round);
      await world.quiet();
      expect(runs).toBe(round);
      await world.pass(10 * MINUTE);
    }
  });

  test('a job of another gateway’s configuration is left alone, one with a new schedule is due anew', async () => {
    await using world = await start(newPlace);
    const ran: string[] = [];
    const one = world.gateway([job(async () => void ran.push('mine'))]);
    await world.until(() => ran.length === 1);
    await world.quiet();
    await one[Symbol.asyncDispose]();
    await world.rows.declare('suite.stranger', every(1));

    world.gateway([job(async () => void ran.push('sooner'), { schedule: every(MINUTE) })]);
    await world.until(() => ran.length === 2);

    expect(ran).toEqual(['mine', 'sooner']);
  });

  test('what is due and not done is told as late', async () => {
    await using world = await start(newPlace);
    await world.rows.declare('suite.work', every(10 * MINUTE));
    const metrics = new Metrics();
    const [hold, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const work = () => {
      begun.resolve();
      return hold.promise;
    };
    const late = async () => /fairlead_jobs_late_seconds\{job="suite.work"\} (\d+)\n/.exec((await metrics.page()).text)?.[1];
    world.clock.advance(90_000);
    const stopped = world.gateway([job(work)], metrics);
    const seen = await late();
    await begun.promise;
    expect(await late()).toBe('0');
    hold.resolve();
    await stopped[Symbol.asyncDispose]();
    world.clock.advance(11 * MINUTE);

    expect(['0', '90']).toContain(seen);
    expect(await late()).toBe('60');
  });
}

function testEnding(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  test('a failed job is tried again, later each time, and forgets its failures when it goes well', async () => {
    await using world = await start(newPlace);
    const times: number[] = [];
    const metrics = new Metrics();
    const flaky = async () => {
      times.push(world.clock.now());
      if (times.length < 4) throw new Error('not now');
    };
    world.gateway([job(flaky)], metrics);
    for (let tries = 1; tries < 4; tries++) {
      await world.until(() => times.length === tries);
      await world.until(async () => (await world.row())?.failures === tries);
      await world.until(async () => {
        world.clock.advance(1000);
        return times.length === tries + 1;
      });
    }
    await world.until(async () => (await world.row())?.failures === 0);

    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(3750);
    expect(waits[2]).toBeGreaterThan((waits[0] ?? 0) * 2);
    expect((await metrics.page()).text).toContain('fairlead_jobs_run_seconds_count{job="suite.work",outcome="failed"} 3\n');
  });

  test('a gateway that stops ends its job, waits for it, and the next one takes it at once', async () => {
    await using world = await start(newPlace);
    const told: string[] = [];
    const begun = Promise.withResolvers<void>();
    const first = world.gateway([
      job(async (signal) => {
        begun.resolve();
        await aborted(signal);
        told.push('ended in order');
        throw signal.reason;
      }),
    ]);
    await begun.promise;
    await first[Symbol.asyncDispose]();
    expect(told).toEqual(['ended in order']);
    expect(await world.row()).toMatchObject({ holder: null, failures: 0, ended_ms: null });

    world.gateway([job(async () => void told.push('done by the other'))]);
    await world.until(() => told.length === 2);
  });

  test('a job that takes longer than its limit is told to end, and is tried again', async () => {
    await using world = await start(newPlace);
    let runs = 0;
    const slow = async (signal: AbortSignal) => {
      runs += 1;
      if (runs === 1) await aborted(signal);
      signal.throwIfAborted();
    };
    world.gateway([job(slow, { limitMs: MINUTE })]);

    await world.until(() => {
      world.clock.advance(5000);
      return runs === 2;
    });
  });
}

function testLeases(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  test('the job of a worker that was killed is taken by another when its lease ends, and not before', async () => {
    await using world = await start(newPlace);
    await world.rows.declare('suite.work', every(10 * MINUTE));
    expect(await world.rows.take('suite.work', 'the dead', 30_000)).toEqual({ failures: 0 });
    let runs = 0;
    world.gateway([job(async () => void runs++)]);
    await world.pass(29_000);
    expect(runs).toBe(0);

    await world.until(() => {
      world.clock.advance(1000);
      return runs === 1;
    });
  });

  test('a lease is renewed for as long as the work takes', async () => {
    await using world = await start(newPlace);
    const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let others = 0;
    world.gateway([
      job(() => {
        begun.resolve();
        return done.promise;
      }),
    ]);
    await begun.promise;
    world.gateway([job(async () => void others++)]);
    // Half the time between two renewals: the worker may not yet wait for the next when the clock is turned.
    for (let step = 0; step < 24; step++) {
      world.clock.advance(5000);
      await world.until(async () => ((await world.row())?.lease_until_ms ?? 0) - world.clock.now() >= 15_000);
    }
    done.resolve();
    await world.until(async () => (await world.row())?.ended_ms !== null);

    expect(others).toBe(0);
  });

  test('a worker that lost its lease is told so, and its end changes nothing', async () => {
    await using world = await start(newPlace);
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    world.gateway([
      job(async (signal) => {
        begun.resolve();
        await aborted(signal);
        over.resolve();
      }),
    ]);
    await begun.promise;
    await world.steal();
    world.clock.advance(10_000);
    await over.promise;
    await world.quiet();

    expect(await world.row()).toMatchObject({ holder: 'another', ended_ms: null });
  });
}

function testOnce(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  const { signal } = new AbortController();

  test('a job is run once for an operator although it is not due, and nobody else runs it meanwhile', async () => {
    await using world = await start(newPlace);
    let others = 0;
    world.gateway([job(async () => void others++)]);
    await world.until(async () => (await world.row())?.ended_ms !== null);
    const due = (await world.row())?.due_ms ?? 0;
    world.clock.advance(9 * MINUTE);
    // Until it is due for the other, and longer; half the time between two renewals, as above.
    const work = async () => {
      while (world.clock.now() < due + MINUTE) {
        world.clock.advance(5000);
        await world.until(async () => ((await world.row())?.lease_until_ms ?? 0) - world.clock.now() >= 15_000);
      }
      await world.quiet();
    };
    await runOnce(job(work), world.parts, signal);
    expect(others).toBe(1);
    expect(await world.row()).toMatchObject({ due_ms: due, lease_until_ms: 0 });
    await world.until(async () => {
      await world.pass(5000);
      return others === 2;
    });
  });

  test('a run for an operator waits for whoever works on the job, and brings the next one forward when that has to be sooner', async () => {
    await using world = await start(newPlace);
    const told: string[] = [];
    await world.rows.declare('suite.work', every(10 * MINUTE));
    await world.rows.take('suite.work', 'another', 30_000);
    const ran = runOnce(
      job(async () => void told.push('ours'), { schedule: { ...every(10 * MINUTE), next: (now) => now + 5 } }),
      world.parts,
      signal,
    );
    await world.quiet();
    expect(told).toEqual([]);
    await world.rows.end('suite.work', 'another', { due_ms: world.clock.now() + MINUTE });
    await world.until(async () => {
      await world.pass(1000);
      return told.length === 1;
    });
    await ran;
    expect((await world.row())?.due_ms).toBeLessThan(world.clock.now() + MINUTE);
  });

  test('a run for an operator that fails or is stopped says so, and leaves the job free', async () => {
    await using world = await start(newPlace);
    const failing = job(() => Promise.reject(new Error('no such luck')));
    await expect(runOnce(failing, world.parts, signal)).rejects.toThrow('no such luck');
    const stop = new AbortController();
    const endless = job(async (within) => {
      stop.abort(new Error('enough'));
      await aborted(within);
      within.throwIfAborted();
    });
    await expect(runOnce(endless, world.parts, stop.signal)).rejects.toThrow('enough');
    await expect(runOnce(endless, world.parts, stop.signal)).rejects.toThrow('enough');
    expect(await world.row()).toMatchObject({ holder: null, lease_until_ms: 0 });
  });
}

function job(run: (signal: AbortSignal) => Promise<void>, more: Partial<Job> = {}): Job {
  return { name: 'suite.work', schedule: every(10 * MINUTE), limitMs: 60 * MINUTE, run, ...more };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A store, a clock that stands still, and as many gateways as a test starts. */
async function start(newPlace: (clock: ManualClock) => Promise<StorePlace>) {
  await using scope = new AsyncScope();
  const clock = new ManualClock();
  const place = scope.use(await newPlace(clock));
  const store: Store = scope.use(await place.open());
  await migrate(store, kernelMigrations);
  const rows = new JobRows(store);
  const held = scope.move();
  const gateway = (jobs: readonly Job[], metrics = new Metrics()): Jobs =>
    held.use(new Jobs(jobs, { store, clock, log: silentLog(), metrics, random: () => 0.5 }));
  return {
    clock,
    rows,
    gateway,
    parts: { store, clock, log: silentLog() },
    row: async () => (await rows.all()).find((one) => one.name === 'suite.work'),
    steal: () =>
      store
        .tables<{ kernel_jobs: { name: string; holder: string } }>()
        .updateTable('kernel_jobs')
        .set({ holder: 'another' })
        .where('name', '=', 'suite.work')
        .execute(),
    /** Moves on, and lets every loop see it. */
    pass: async (ms: number) => {
      clock.advance(ms);
      await quiet(store);
    },
    quiet: () => quiet(store),
    until: eventually,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** Lets everything that is under way in this process and the store come to its end. */
async function quiet(store: Store): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await store.tables<{ kernel_jobs: { name: string } }>().selectFrom('kernel_jobs').select('name').execute();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function eventually(look: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > end) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
