import type { Client } from './client.ts';
import { curlImageio } from './curl-imageio.ts';
import { ovirtSdkPython } from './ovirt-sdk-python.ts';

/** Every client, in the order in which they run. */
export const clients: readonly Client[] = [ovirtSdkPython, curlImageio];
