import { join } from 'node:path';
import { startCceWorld } from './cce-world.ts';
import type { Client, ClientContext, Totals } from './client.ts';
import { runSteps } from './run-client.ts';
import { sum } from './step-lines.ts';

const NAME = 'cce-php';

/** Debian's PHP, sending what the web interface of BlueOnyx sends, to both backends. */
export const ccePhp: Client = {
  name: NAME,
  title: 'PHP, as the web interface of BlueOnyx talks to /v2/cce',
  install: async () => undefined,
  run,
};

async function run(context: ClientContext): Promise<Totals> {
  const { root, workDir, print } = context;
  await using world = await startCceWorld(root, workDir);
  const totals: Totals[] = [];
  for (const [backend, url] of Object.entries(world.urls)) {
    print(`-- backend ${backend}`);
    const input = JSON.stringify({ url, user: world.user, password: world.password });
    totals.push(await runSteps(context, { command: 'php', words: [join(root, 'conformance', NAME, 'client.php')], input }));
  }
  return sum(totals);
}
