import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../src/clock/index.ts';
import { every, Jobs } from '../src/jobs/index.ts';
import { JobRows } from '../src/jobs/rows.ts';
import { silentLog } from '../src/log/index.ts';
import { Metrics } from '../src/metrics/index.ts';
import { kernelMigrations, migrate, openStore } from '../src/store/index.ts';
import { newFolder } from './folder.ts';

const doors = new URL('../src', import.meta.url).href;

/** A worker that begins the job, says so and never ends. */
function workerScript(stateDir: string): string {
  return `
    import { systemClock } from '${doors}/clock/index.ts';
    import { every, Jobs } from '${doors}/jobs/index.ts';
    import { silentLog } from '${doors}/log/index.ts';
    import { Metrics } from '${doors}/metrics/index.ts';
    import { openStore } from '${doors}/store/index.ts';
    const base = { log: silentLog(), clock: systemClock };
    const store = await openStore({ ...base, stateDir: ${JSON.stringify(stateDir)} });
    const run = () => { console.log('begun'); return new Promise(() => undefined); };
    new Jobs([{ name: 'suite.work', schedule: every(60_000), limitMs: 3_600_000, run }], { ...base, store, metrics: new Metrics() });
    setInterval(() => undefined, 1000);
  `;
}

test('a worker process that is killed with its job is followed by another one when its lease is over', { timeout: 60_000 }, async () => {
  await using folder = await newFolder();
  const base = { log: silentLog(), stateDir: folder.path };
  const clock = new ManualClock(Date.now());
  await using store = await openStore({ ...base, clock });
  await migrate(store, kernelMigrations);
  const worker = spawn(process.execPath, ['--input-type=module', '-e', workerScript(folder.path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(worker.stdout.setEncoding('utf8'), 'data');
  worker.kill('SIGKILL');
  await once(worker, 'close');
  const rows = new JobRows(store);
  const [left] = await rows.all();
  expect(left?.holder).not.toBeNull();

  clock.advance((left?.lease_until_ms ?? 0) - clock.now() - 1);
  expect(await rows.due(['suite.work'])).toEqual([]);
  clock.advance(1);
  const done = Promise.withResolvers<void>();
  const job = { name: 'suite.work', schedule: every(60_000), limitMs: 3_600_000, run: async () => done.resolve() };
  await using _jobs = new Jobs([job], { ...base, store, clock, metrics: new Metrics() });
  await done.promise;
});
