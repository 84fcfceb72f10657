import { systemClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { openStore } from '@fairlead/kernel/store';
import { testStore } from '@fairlead/kernel/store/suite';
import { describe, expect, test } from 'vitest';
import { freshDatabase, lacksPostgres } from '../../src/db/index.ts';

const options = { log: silentLog(), clock: systemClock, stateDir: '/nonexistent' };

/** The kernel's suite on a real server; it stands here because the kernel may not know the testkit. */
describe.skipIf(lacksPostgres())('PostgreSQL', () => {
  testStore('postgres', async () => {
    const database = await freshDatabase();
    return { open: () => openStore({ ...options, url: database.url }), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  });

  test('two databases know nothing of each other', async () => {
    await using one = await freshDatabase();
    await using other = await freshDatabase();

    expect(one.url).not.toBe(other.url);
  });
});
