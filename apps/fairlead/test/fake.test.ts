import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { RunningCli } from './support/cli.ts';

test.each(['SIGTERM', 'SIGINT'] as const)(
  'fake cloudstack tells how to reach it, and %s ends it with its temporary pool',
  async (signal) => {
    await using fake = new RunningCli(['fake', 'cloudstack']);
    const pool = (await fake.says(/^volumes +(\S+)$/m))[1] ?? '';
    const endpoint = /^endpoint +(http:\/\/127\.0\.0\.1:\d+\/client\/api)$/m.exec(fake.stdout)?.[1] ?? '';

    const answer = await fetch(`${endpoint}?command=listCapabilities&response=json`);
    expect(answer.status).toBe(401);
    expect(fake.stdout).toMatch(/^api key +\S{20,}$/m);
    expect(fake.stdout).toMatch(/^login +admin \/ \S+$/m);
    expect(await readdir(pool)).toHaveLength(1);

    fake.signal(signal);

    expect(await fake.ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(pool)).toBe(false);
  },
);

test('a pool that the caller names stays', async () => {
  await using folder = await tempDir('pool-');
  await using fake = new RunningCli(['fake', 'cloudstack', '--pool', folder.path]);
  await fake.says(/^volumes /m);

  fake.signal('SIGTERM');

  expect((await fake.ended).code).toBe(0);
  expect(await readdir(folder.path)).toHaveLength(1);
});

test('fake cloudstack --vms --costs --export-apis: the instances are there, and the control says what is charged and offered', async () => {
  const words = ['--vms', '3', '--costs', '0.5', '--export-apis', '--backup-framework', '--transfer-url', 'https://images.example/t'];
  await using fake = new RunningCli(['fake', 'cloudstack', ...words]);
  const pool = (await fake.says(/^volumes +(\S+)$/m))[1] ?? '';
  const control = /^control +(http:\/\/127\.0\.0\.1:\d+\/_fake\/)$/m.exec(fake.stdout)?.[1] ?? '';

  const shown = (await (await fetch(control)).json()) as { settings: object };
  expect(shown.settings).toMatchObject({
    costs: { scale: 0.5, cores: 2 },
    exportApis: true,
    backupFramework: true,
    transferUrl: 'https://images.example/t',
  });
  expect(await readdir(pool)).toHaveLength(4);

  fake.signal('SIGTERM');
  expect((await fake.ended).code).toBe(0);
});

test.each([
  ['--costs', 'dear'],
  ['--vms', '-1'],
  ['--vms', '50001'],
])('fake cloudstack %s %s is a mistake in the command line', async (...words) => {
  await using fake = new RunningCli(['fake', 'cloudstack', ...words]);
  expect(await fake.ended).toMatchObject({ code: 64 });
});
