import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectNbd } from '@fairlead/nbd';
import { qemuNbd } from '@fairlead/testkit/nbd';
import { median, ratios, spread } from './figures.ts';
import { benchFolder, randomFile } from './files.ts';
import type { Bench } from './report.ts';

const MIB = 1024 * 1024;
const SIZE_MIB = 1024;
const run = promisify(execFile);

/** A fresh qemu-nbd for each run (its allocator's history would decide otherwise), the two in turn. */
export const nbdRead: Bench = {
  name: 'nbd-read',
  title: '`NbdClient.readTo` against nbdcopy: 1 GiB of random data over one connection, thrown away',
  rounds: 7,
  run: async (rounds) => {
    await using folder = await benchFolder(2 * SIZE_MIB * MIB);
    const image = join(folder.path, 'data.raw');
    await randomFile(image, SIZE_MIB * MIB);
    const rates: { ours: number; theirs: number }[] = [];
    for (let round = 0; round < rounds; round++)
      rates.push({ ours: await measure(image, readOurs), theirs: await measure(image, readTheirs) });
    const [ours, theirs] = [rates.map((rate) => rate.ours), rates.map((rate) => rate.theirs)];
    const rows = [
      ['NbdClient', median(ours).toFixed(0), spread(ratios(ours, theirs)), '≥ 0.9'],
      ['nbdcopy -C1 -T1', median(theirs).toFixed(0), '', ''],
    ];
    return [{ head: ['client', 'MiB/s', 'ratio', 'mark'], rows, notes: ['The start of nbdcopy is part of its time.'] }];
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
