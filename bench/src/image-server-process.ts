import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What `image-servers.ts` is told by this process, which it starts for each measurement. */
export interface ServerFacts {
  readonly read: { readonly transferUrl: string; readonly proxyUrl: string };
  readonly write: { readonly transferUrl: string; readonly proxyUrl: string };
}

/** What this process is asked to do; it answers each with one message, an open with the facts. */
export type Order = 'open' | 'close';

const [folder = '', images = '', source = '', target = ''] = process.argv.slice(2);
const support = fileURLToPath(new URL('../../bridges/image/test/support/', import.meta.url));
// Tests have no doors, so their bridge is loaded by its path.
const { testBridge } = await import(pathToFileURL(join(support, 'bridge.ts')).href);
const bridge = await testBridge({ folder, config: { roots: [images] } });
let number = 0;

function open(direction: 'download' | 'upload', name: string): Promise<ServerFacts['read']> {
  return bridge.transfers.open({
    transferId: `${direction}-${number}`,
    direction,
    format: 'raw',
    volume: { volumeId: direction, path: join(images, name), format: 'raw' },
    hosts: [bridge.host],
    inactivityTimeoutS: 60,
    sparse: true,
  });
}

async function obey(order: Order): Promise<ServerFacts | 'closed'> {
  if (order === 'open') {
    number += 1;
    return { read: await open('download', source), write: await open('upload', target) };
  }
  for (const direction of ['download', 'upload']) await bridge.transfers.close(`${direction}-${number}`);
  return 'closed';
}

process.on('message', async (order: Order) => process.send?.(await obey(order)));
process.once('disconnect', () => void bridge[Symbol.asyncDispose]());
process.send?.('ready');
