import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What `image-server.ts` is told by this process, which it starts for each measurement. */
export interface ServerFacts {
  readonly read: { readonly transferUrl: string; readonly proxyUrl: string };
  readonly write: { readonly transferUrl: string; readonly proxyUrl: string };
}

const [folder = '', images = ''] = process.argv.slice(2);
const support = fileURLToPath(new URL('../../bridges/image/test/support/', import.meta.url));
// Tests have no doors, so their bridge is loaded by its path.
const { testBridge } = await import(pathToFileURL(join(support, 'bridge.ts')).href);
const bridge = await testBridge({ folder, config: { roots: [images] } });

function open(direction: 'download' | 'upload', name: string): Promise<ServerFacts['read']> {
  return bridge.transfers.open({
    transferId: direction,
    direction,
    format: 'raw',
    volume: { volumeId: direction, path: join(images, name), format: 'raw' },
    hosts: [bridge.host],
    inactivityTimeoutS: 60,
    sparse: true,
  });
}

process.send?.({ read: await open('download', 'source.raw'), write: await open('upload', 'target.raw') } satisfies ServerFacts);
process.once('disconnect', () => void bridge[Symbol.asyncDispose]());
