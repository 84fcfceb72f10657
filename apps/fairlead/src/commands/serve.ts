import { LoggingSection } from '@fairlead/kernel/config';
import { stopSignal } from '@fairlead/kernel/lifecycle';
import { createLog, Scrubber } from '@fairlead/kernel/log';
import type { Command } from 'commander';
import { loadConfiguration } from '../compose/configuration.ts';
import { startGateway } from '../compose/gateway.ts';

/** `fairlead serve`: the daemon, with whatever bridges the configuration switches on. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the gateway, or the agent of a KVM host, until SIGTERM')
    .option('-c, --config <file>', 'configuration file (else FAIRLEAD_CONFIG, ./fairlead.ini, /etc/fairlead/fairlead.ini)')
    .action((options: { config?: string }) => serve(options.config));
}

async function serve(file: string | undefined): Promise<void> {
  const config = loadConfiguration({ file });
  const { logging } = config.values(LoggingSection);
  const scrubber = new Scrubber();
  scrubber.add(...config.secrets);
  const log = createLog({ level: logging.level, file: logging.file, scrubber });
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const stopped = stopSignal(['SIGTERM', 'SIGINT']);
  await using _gateway = await startGateway({ config, log });
  log.info({ signal: await stopped }, 'stopping');
}
