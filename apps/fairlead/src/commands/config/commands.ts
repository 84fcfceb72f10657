import type { Command } from 'commander';
import type { Output } from '../../output.ts';

/** `fairlead config check|show|sample`. */
export function addConfigCommands(program: Command, output: Output): void {
  const config = program.command('config').description('look at the configuration');
  config
    .command('check')
    .description('report every mistake of the configuration; exit code 78 when there is one')
    .option('-c, --config <file>', 'configuration file')
    .action(async (options: { config?: string }) => (await load()).checkConfig(options.config, output));
  config
    .command('show')
    .description('print the configuration as it counts, secrets masked, with the source of each value')
    .option('-c, --config <file>', 'configuration file')
    .action(async (options: { config?: string }) => (await load()).printConfig(options.config, output));
  config
    .command('sample')
    .description('print a first file with every key, its meaning and its default')
    .action(async () => (await load()).printSample(output));
}

function load(): Promise<typeof import('./look.ts')> {
  return import('./look.ts');
}
