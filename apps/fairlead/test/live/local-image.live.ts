import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { processesWith } from '../support/processes.ts';

const HOLDER = fileURLToPath(new URL('../support/image-holder.ts', import.meta.url));

test('a backup client that is killed leaves no qemu-nbd behind', async () => {
  await using folder = await tempDir('held-');
  const file = join(folder.path, 'disk.qcow2');
  await run('qemu-img', ['create', '-f', 'qcow2', file, '16M']);
  const holder = fork(HOLDER, [file], { execArgv: ['--conditions=@fairlead/source'] });
  await once(holder, 'message', { signal: AbortSignal.timeout(30_000) });
  expect(await processesWith(`unmap ${file}`)).toHaveLength(1);

  holder.kill('SIGKILL');

  await until(async () => (await processesWith(`unmap ${file}`)).length === 0, { timeoutMs: 20_000, what: 'qemu-nbd to end' });
});
