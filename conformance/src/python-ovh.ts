import { join } from 'node:path';
import type { Client, ClientContext, Totals } from './client.ts';
import { startFakeOvh } from './fake-ovh.ts';
import { installPython, pythonOf } from './python.ts';
import { runSteps } from './run-client.ts';

const NAME = 'python-ovh';

/** A clock that is far from the client's, so that a client which does not ask for the time signs nothing that counts. */
const WORDS = ['--tls', '--clock-skew', '86400', '--servers', '30', '--vps', '8', '--projects', '2', '--domains', '6', '--ips', '5'];

/** The official client in Python; it proves the fake on which everything else of this protocol is tested. */
export const pythonOvh: Client = {
  name: NAME,
  title: 'ovh, the official client of the OVHcloud API in Python, against the fake API',
  install: ({ root, installDir, signal, print }) =>
    installPython({ dir: join(installDir, 'venv'), requirements: join(root, 'conformance', NAME, 'requirements.txt'), signal, print }),
  run,
};

async function run(context: ClientContext): Promise<Totals> {
  const { root, installDir, signal } = context;
  await using fake = await startFakeOvh({ root, words: WORDS, signal });
  return await runSteps(context, {
    command: pythonOf(join(installDir, 'venv')),
    words: [join(root, 'conformance', NAME, 'client.py')],
    input: fake.input,
  });
}
