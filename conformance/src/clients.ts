import { ccePhp } from './cce-php.ts';
import { cceSocket } from './cce-socket.ts';
import type { Client } from './client.ts';
import { cs } from './cs.ts';
import { curlImageio } from './curl-imageio.ts';
import { goOvh } from './go-ovh.ts';
import { nodeOvh } from './node-ovh.ts';
import { ovirtSdkPython } from './ovirt-sdk-python.ts';
import { pythonOvh } from './python-ovh.ts';

/** Every client, in the order in which they run. */
export const clients: readonly Client[] = [cs, ovirtSdkPython, curlImageio, ccePhp, cceSocket, pythonOvh, nodeOvh, goOvh];
