import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, ClientContext, Totals } from './client.ts';
import { startFakeCloud } from './fake-cloud.ts';
import { installPython, pythonOf } from './python.ts';
import { runSteps } from './run-client.ts';

const NAME = 'cs';

/** More than a page of instances, jobs that take a moment, and everything that a root admin may switch on. */
const WORDS = ['--vms', '510', '--job-delay', '150', '--export-apis', '--backup-framework'];

/** The client of the CloudStack API that is published on PyPI; it drives the fake that all other tests stand on. */
export const cs: Client = {
  name: NAME,
  title: 'cs, a client of the CloudStack API, against the fake CloudStack',
  install: ({ root, installDir, signal, print }) =>
    installPython({ dir: join(installDir, 'venv'), requirements: join(root, 'conformance', NAME, 'requirements.txt'), signal, print }),
  run,
};

async function run(context: ClientContext): Promise<Totals> {
  const { root, workDir, installDir, signal } = context;
  const pool = join(workDir, 'pool');
  await mkdir(pool);
  await using fake = await startFakeCloud({ root, pool, words: WORDS, signal });
  const { endpoint, control, key, secret } = fake;
  const input = JSON.stringify({ endpoint, control, key, secret, pool });
  return await runSteps(context, {
    command: pythonOf(join(installDir, 'venv')),
    words: [join(root, 'conformance', NAME, 'client.py')],
    input,
  });
}
