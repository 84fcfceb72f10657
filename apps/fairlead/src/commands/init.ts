import type { Command } from 'commander';
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
    .action(async (options: InitOptions) => (await import('../compose/first-configuration.ts')).writeFirstConfiguration(options, output));
}
