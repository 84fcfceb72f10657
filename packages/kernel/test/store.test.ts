import { stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testAudit } from '../src/audit/suite.ts';
import { ManualClock } from '../src/clock/index.ts';
import { testJobs } from '../src/jobs/suite.ts';
import { silentLog } from '../src/log/index.ts';
import { testKeyRotation } from '../src/secrets/suite.ts';
import { migrate, openStore } from '../src/store/index.ts';
import { testStore } from '../src/store/suite.ts';
import { newFolder } from './folder.ts';

const base = { log: silentLog(), clock: new ManualClock() };

testStore('sqlite', async () => {
  const folder = await newFolder();
  return { open: () => openStore({ ...base, stateDir: folder.path }), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
});

testAudit('sqlite', async (clock) => {
  const folder = await newFolder();
  return {
    open: () => openStore({ ...base, clock, stateDir: folder.path }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

for (const suite of [testJobs, testKeyRotation])
  suite('sqlite', async (clock) => {
    const folder = await newFolder();
    return {
      open: () => openStore({ ...base, clock, stateDir: folder.path }),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  });

test('the default database lies in the state folder and is for its owner only', async () => {
  await using folder = await newFolder();
  await using store = await openStore({ ...base, stateDir: folder.file('state') });
  await migrate(store, []);

  expect((await stat(folder.file('state/fairlead.db'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder.file('state/fairlead.db-wal'))).mode & 0o777).toBe(0o600);
});

test('a file that is no database, and a URL of another kind, are FAIRLEAD_STORE', async () => {
  await using folder = await newFolder();
  await writeFile(folder.file('fairlead.db'), 'not a database, but long enough to look at: '.repeat(100));

  await expect(openStore({ ...base, stateDir: folder.path })).rejects.toMatchObject({ code: 'FAIRLEAD_STORE' });
  await expect(openStore({ ...base, stateDir: folder.path, url: 'mysql://x' })).rejects.toMatchObject({ code: 'FAIRLEAD_STORE' });
});

test('an absent PostgreSQL is FAIRLEAD_STORE without the password', async () => {
  const failure = await openStore({ ...base, stateDir: '/', url: 'postgres://fairlead:tell-nobody-4711@127.0.0.1:1/x' }).catch(
    (error) => error,
  );

  expect(failure).toMatchObject({ code: 'FAIRLEAD_STORE' });
  expect(failure.publicText).toContain('127.0.0.1:1/x');
  expect(failure.publicText).not.toContain('tell-nobody-4711');
});
