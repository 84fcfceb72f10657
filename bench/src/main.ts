import { parseArgs } from 'node:util';
import { cceGet } from './cce-get.ts';
import { cceGetall } from './cce-getall.ts';
import { cceLogins } from './cce-logins.ts';
import { cceObjects } from './cce-objects.ts';
import { cyberappCallbacks } from './cyberapp-callbacks.ts';
import { cyberappPush } from './cyberapp-push.ts';
import { diskSizes } from './disk-sizes.ts';
import { imageServer } from './image-server.ts';
import { listVms } from './list-vms.ts';
import { machine } from './machine.ts';
import { nbdRead } from './nbd-read.ts';
import { ovhGets } from './ovh-gets.ts';
import { ovhImport } from './ovh-import.ts';
import { ovhInventory } from './ovh-inventory.ts';
import { type Bench, format } from './report.ts';
import { keep } from './results.ts';

const benches: readonly Bench[] = [
  nbdRead,
  imageServer,
  diskSizes,
  listVms,
  cceGet,
  cceGetall,
  cceObjects,
  cceLogins,
  ovhGets,
  ovhImport,
  ovhInventory,
  cyberappPush,
  cyberappCallbacks,
];

/** `./dev bench [--rounds N] [NAME...]`: prints each comparison and keeps it in `bench/RESULTS.md`. */
async function main(args: string[]): Promise<number> {
  const { values, positionals: wanted } = parseArgs({ args, options: { rounds: { type: 'string' } }, allowPositionals: true });
  const names = benches.map((bench) => bench.name);
  const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
  if (wanted.some((name) => !names.includes(name))) {
    process.stderr.write(`No such bench; there are: ${names.join(', ')}\n`);
    return 64;
  }
  const facts = await machine();
  process.stdout.write(`${facts.join('\n')}\n`);
  for (const bench of chosen) {
    process.stdout.write(`\n## ${bench.name}\n\n${bench.title}\n\n`);
    const rounds = Number(values.rounds ?? bench.rounds);
    const tables = await bench.run(rounds);
    process.stdout.write(`${tables.map(format).join('\n\n')}\n`);
    await keep(bench, rounds, tables, facts);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
