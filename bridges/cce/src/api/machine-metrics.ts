import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { Answerable } from '../map/json.ts';
import { diskNumbers, memoryNumbers, networkNumbers, type Sample } from '../map/proc.ts';

/** `/v2/metrics` (cce 5.1): load, memory, network and disks of this machine as the kernel tells them now. */
export async function machineMetrics(): Promise<Answerable> {
  const [memory, network, disks] = await Promise.all([read('/proc/meminfo'), read('/proc/net/dev'), read('/proc/diskstats')]);
  const load = loadavg().map((value, index) => ({ name: `node_load${[1, 5, 15][index] ?? 1}`, value }));
  return {
    shortload: load.map(listed),
    shortmem: memoryNumbers(memory).map(listed),
    aggnet: networkNumbers(network).map(listed),
    shortdisk: diskNumbers(disks).map(listed),
  };
}

function listed({ name, value, labels = {} }: Sample): Answerable {
  return { name, value, labels };
}

/** A file of `/proc` that is not there tells nothing. */
async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
