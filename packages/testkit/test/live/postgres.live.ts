import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { testAudit } from '@fairlead/kernel/audit/suite';
import { systemClock } from '@fairlead/kernel/clock';
import { testJobs } from '@fairlead/kernel/jobs/suite';
import { silentLog } from '@fairlead/kernel/log';
import { testKeyRotation } from '@fairlead/kernel/secrets/suite';
import { openStore } from '@fairlead/kernel/store';
import { testStore } from '@fairlead/kernel/store/suite';
import { describe, expect, test } from 'vitest';
import { freshDatabase, lacksPostgres } from '../../src/db/index.ts';
import { until } from '../../src/until/index.ts';

const options = { log: silentLog(), clock: systemClock, stateDir: '/nonexistent' };

/** The kernel's suite on a real server; it stands here because the kernel may not know the testkit. */
describe.skipIf(lacksPostgres())('PostgreSQL', () => {
  testStore('postgres', async () => {
    const database = await freshDatabase();
    return { open: () => openStore({ ...options, url: database.url }), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  });

  testAudit('postgres', async (clock) => {
    const database = await freshDatabase();
    return {
      open: () => openStore({ ...options, clock, url: database.url }),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  });

  for (const suite of [testJobs, testKeyRotation])
    suite('postgres', async (clock) => {
      const database = await freshDatabase();
      return {
        open: () => openStore({ ...options, clock, url: database.url }),
        [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
      };
    });

  test('two databases know nothing of each other', async () => {
    await using one = await freshDatabase();
    await using other = await freshDatabase();

    expect(one.url).not.toBe(other.url);
  });

  test('the server and its folder go with the process that started them, even when it is killed', async () => {
    const door = new URL('../../src/db/index.ts', import.meta.url).href;
    const script = `const { freshDatabase } = await import('${door}'); console.log((await freshDatabase()).url); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--conditions=@fairlead/source', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const folder = new URL(line.trim()).searchParams.get('host') ?? '';
    expect(existsSync(folder)).toBe(true);

    child.kill('SIGKILL');

    await until(() => !existsSync(folder), { timeoutMs: 20_000, what: 'the folder to go' });
  });
});
