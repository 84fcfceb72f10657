import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectNbd } from '@fairlead/nbd';
import { qemuNbd } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import type { Bench } from './main.ts';

const MIB = 1024 * 1024;
const SIZE_MIB = 1024;
const ROUNDS = 5;
const run = promisify(execFile);

/**
 * Our client against nbdcopy, both reading 1 GiB of random data over one connection and throwing it away.
 * A fresh qemu-nbd for each run (its allocator's history would decide otherwise), the two in turn; the median of the ratios counts.
 */
export const nbdRead: Bench = {
  name: 'nbd-read',
  run: async () => {
    await using folder = await tempDir('bench');
    const image = join(folder.path, 'data.raw');
    await writeRandom(image);
    const rates: { ours: number; theirs: number }[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rates.push({ ours: await measure(image, readOurs), theirs: await measure(image, readTheirs) });
    const ratios = rates.map((rate) => rate.ours / rate.theirs);
    return [
      `NbdClient.readTo   ${median(rates.map((rate) => rate.ours)).toFixed(0)} MiB/s (median of ${ROUNDS})`,
      `nbdcopy -C1 -T1    ${median(rates.map((rate) => rate.theirs)).toFixed(0)} MiB/s, its start included`,
      `ratio              ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    ];
  },
};

async function measure(image: string, read: (socketPath: string) => Promise<void>): Promise<number> {
  await using server = await qemuNbd({ image, format: 'raw', readOnly: true });
  const begin = performance.now();
  await read(server.socketPath);
  return SIZE_MIB / ((performance.now() - begin) / 1000);
}

async function readOurs(socketPath: string): Promise<void> {
  await using client = await connectNbd({ socketPath });
  await client.readTo(0, client.size, {
    write: (_chunk, release) => {
      release();
      return true;
    },
    drained: () => Promise.resolve(),
  });
}

async function readTheirs(socketPath: string): Promise<void> {
  await run('nbdcopy', ['-C1', '-T1', `nbd+unix:///?socket=${socketPath}`, 'null:']);
}

async function writeRandom(path: string): Promise<void> {
  await using file = await open(path, 'w');
  for (let done = 0; done < SIZE_MIB; done += 16) await file.write(randomBytes(16 * MIB));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
