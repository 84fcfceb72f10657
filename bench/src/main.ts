import { cpus, totalmem } from 'node:os';
import { imageServer } from './image-server.ts';
import { nbdRead } from './nbd-read.ts';

/** One comparison: what is measured, against whom, side by side in one run. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly string[]>;
}

const benches: readonly Bench[] = [nbdRead, imageServer];

/** `./dev bench [NAME]`: prints the machine, then each comparison as medians and a ratio. */
async function main(wanted: readonly string[]): Promise<number> {
  const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
  if (chosen.length === 0) {
    process.stderr.write(`No such bench; there are: ${benches.map((bench) => bench.name).join(', ')}\n`);
    return 64;
  }
  process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
  for (const bench of chosen) process.stdout.write(`\n${bench.name}\n${(await bench.run()).join('\n')}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
