import { join } from 'node:path';
import type { Client } from './client.ts';
import { runClientProgram } from './run-client.ts';

const NAME = 'curl-imageio';

/** curl, jq and qemu-img, which Debian brings: nothing is installed here. */
export const curlImageio: Client = {
  name: NAME,
  title: 'curl against the oVirt API in JSON and the image data API',
  install: async () => undefined,
  run: (context) => runClientProgram(context, 'bash', [join(context.root, 'conformance', NAME, 'client.sh')]),
};
