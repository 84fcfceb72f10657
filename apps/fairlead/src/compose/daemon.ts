import { LoggingSection } from '@fairlead/kernel/config';
import { stopSignal } from '@fairlead/kernel/lifecycle';
import { createLog, Scrubber } from '@fairlead/kernel/log';
import { loadConfiguration } from './configuration.ts';
import { startGateway } from './gateway.ts';

/** Runs a gateway until SIGTERM or SIGINT; throws `FAIRLEAD_CONFIG` and whatever keeps a part from starting. */
export async function runDaemon(file: string | undefined): Promise<void> {
  const config = loadConfiguration({ file });
  const { logging } = config.values(LoggingSection);
  const scrubber = new Scrubber();
  scrubber.add(...config.secrets);
  const log = createLog({ level: logging.level, file: logging.file, scrubber });
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const stopped = stopSignal(['SIGTERM', 'SIGINT']);
  const reread = () => {
    const again = loadConfiguration({ file });
    scrubber.add(...again.secrets);
    return again;
  };
  await using _gateway = await startGateway({ config, log, scrubber, reloadOn: ['SIGHUP'], reread });
  log.info({ signal: await stopped }, 'stopping');
}
