import { join } from 'node:path';
import type { Client, ClientContext, Totals } from './client.ts';
import { startFakeOvh } from './fake-ovh.ts';
import { installNpm } from './npm-packages.ts';
import { runSteps } from './run-client.ts';

const NAME = 'node-ovh';

/** It speaks https alone, and leaves the port out of what it signs. */
const HTTPS = ['--tls', '--public-origin', 'https://127.0.0.1'];
const WORDS = [...HTTPS, '--clock-skew', '86400', '--servers', '20', '--vps', '6', '--projects', '2', '--domains', '5', '--ips', '4'];

/** The official client for Node.js, where it can: what it is known to get wrong is a step of its own. */
export const nodeOvh: Client = {
  name: NAME,
  title: '@ovhcloud/node-ovh, the official client of the OVHcloud API for Node.js, against the fake API',
  install: ({ root, installDir, signal, print }) =>
    installNpm({ from: join(root, 'conformance', NAME), dir: join(installDir, 'npm'), signal, print }),
  run,
};

async function run(context: ClientContext): Promise<Totals> {
  const { root, installDir, signal } = context;
  await using fake = await startFakeOvh({ root, words: WORDS, signal });
  return await runSteps(context, {
    command: 'node',
    words: [join(root, 'conformance', NAME, 'client.js'), join(installDir, 'npm')],
    input: fake.input,
    env: { NODE_EXTRA_CA_CERTS: fake.caFile },
  });
}
