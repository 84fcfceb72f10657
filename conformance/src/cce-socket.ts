import { join } from 'node:path';
import { startCceWorld } from './cce-world.ts';
import type { Client, ClientContext, Totals } from './client.ts';
import { runSteps } from './run-client.ts';

const NAME = 'cce-socket';

/** Debian's Perl and socat, over the Unix sockets of the embedded engine. */
export const cceSocket: Client = {
  name: NAME,
  title: 'Perl and socat, as the old clients of BlueOnyx talk to cced',
  install: async () => undefined,
  run,
};

async function run(context: ClientContext): Promise<Totals> {
  const { root, workDir } = context;
  await using world = await startCceWorld(root, workDir);
  const { socket, adminSocket, user, password } = world;
  const input = JSON.stringify({ socket, admin_socket: adminSocket, user, password });
  return await runSteps(context, { command: 'perl', words: [join(root, 'conformance', NAME, 'client.pl')], input });
}
