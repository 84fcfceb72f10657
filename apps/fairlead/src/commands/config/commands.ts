import { sampleConfig, showConfig } from '@fairlead/kernel/config';
import type { Command } from 'commander';
import { bridges, sections } from '../../bridges.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import type { Output } from '../../output.ts';

/** `fairlead config check|show|sample`. */
export function addConfigCommands(program: Command, output: Output): void {
  const config = program.command('config').description('look at the configuration');
  config
    .command('check')
    .description('report every mistake of the configuration; exit code 78 when there is one')
    .option('-c, --config <file>', 'configuration file')
    .action((options: { config?: string }) => checkConfig(options.config, output));
  config
    .command('show')
    .description('print the configuration as it counts, secrets masked, with the source of each value')
    .option('-c, --config <file>', 'configuration file')
    .action((options: { config?: string }) => output.print(showConfig(loadConfiguration({ file: options.config })).trimEnd()));
  config
    .command('sample')
    .description('print a first file with every key, its meaning and its default')
    .action(() => output.print(sampleConfig(sections).trimEnd()));
}

function checkConfig(file: string | undefined, output: Output): void {
  const config = loadConfiguration({ file });
  const on = bridges.filter((bridge) => config.on(bridge.config)).map((bridge) => bridge.id);
  for (const warning of config.warnings) output.tell(`warning: ${warning}`);
  output.print(`${config.file ?? 'no file'}: no mistakes; bridges on: ${on.join(', ') || 'none'}`);
}
