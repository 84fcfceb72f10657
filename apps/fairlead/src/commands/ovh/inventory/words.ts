import { type Command, Option } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions } from '../shared/client.ts';
import { collect, number, span } from '../shared/values.ts';
import { listing } from '../shared/words.ts';
import type { ExpiringWords } from './expiring.ts';
import type { InventoryWords } from './inventory.ts';

/** `fairlead ovh inventory` and `fairlead ovh expiring`. */
export function addInventoryCommands(ovh: Command, output: Output): void {
  addClientOptions(ovh.command('inventory'))
    .description('read everything that the account runs; exit code 3 when something could not be read')
    .option('--kind <kind>', 'only baremetal, vps, cloud-instance, domain or ip, or several: vps,ip; may be repeated', collect)
    .option('--minimal', 'names, URNs and tags alone, by one list: quick')
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['table', 'json', 'ndjson', 'csv', 'ansible', 'prometheus'])
        .default('table'),
    )
    .option('--json', 'the same as --format json, and an error is JSON as well')
    .option('--output <file>', 'write it into a file, which is replaced as a whole, in place of standard output')
    .option('--cache <file>', 'keep answers there, and ask only for what is not in it: a run that was interrupted goes on')
    .option('--cache-for <span>', 'how long kept answers count: 30m, 2h', span, 3_600_000)
    .option('--concurrency <n>', 'so many calls at once', number(100, 1), 10)
    .action(async (words: InventoryWords) => (await import('./inventory.ts')).printInventory(words, output));
  listing(ovh.command('expiring'))
    .description('list services that end soon, have ended or are unpaid; exit code 3 when some kinds could not be read')
    .option('--days <n>', 'up to so many days from today', number(3650), 60)
    .action(async (words: ExpiringWords) => (await import('./expiring.ts')).printExpiring(words, output));
}
