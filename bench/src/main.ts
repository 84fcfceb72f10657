import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { imageServer } from './image-server.ts';
import { nbdRead } from './nbd-read.ts';
import { type Bench, format } from './report.ts';

const benches: readonly Bench[] = [nbdRead, imageServer];

/** `./dev bench [--rounds N] [NAME...]`: prints the machine, then each comparison as medians and ratios. */
async function main(args: string[]): Promise<number> {
  const { values, positionals: wanted } = parseArgs({ args, options: { rounds: { type: 'string' } }, allowPositionals: true });
  const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
  if (chosen.length === 0) {
    process.stderr.write(`No such bench; there are: ${benches.map((bench) => bench.name).join(', ')}\n`);
    return 64;
  }
  process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
  for (const bench of chosen) {
    process.stdout.write(`\n## ${bench.name}\n\n${bench.title}\n\n`);
    for (const table of await bench.run(Number(values.rounds ?? bench.rounds))) process.stdout.write(`${format(table)}\n`);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
