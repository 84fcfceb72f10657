import { type Command, Option } from 'commander';
import type { InitOptions } from '../compose/first-configuration.ts';
import type { Output } from '../output.ts';

/** `fairlead init`: a first configuration with its secrets and certificates; asks only what it cannot know. */
export function addInit(program: Command, output: Output): void {
  program
    .command('init')
    .description('write a first configuration, make secrets and certificates')
    .option('--dir <folder>', 'where fairlead.ini goes', '/etc/fairlead')
    .option('--state-dir <folder>', 'where state is kept')
    .option('--endpoint <url>', 'CloudStack endpoint, ending in /client/api')
    .option('--public-ip <names>', 'names and addresses by which tools reach this machine, separated by commas')
    .option('--no-image', 'leave the image server and proxy out')
    .addOption(
      new Option(
        '--cce <backend>',
        'serve the JSON API of BlueOnyx too: with an engine of its own, the same with objects to look at, or before the cced of this machine; without --endpoint it is all that is served',
      ).choices(['embedded', 'demo', 'socket']),
    )
    .action(async (options: InitOptions) => (await import('../compose/first-configuration.ts')).writeFirstConfiguration(options, output));
}
