import type { Command } from 'commander';
import type { Output } from '../../output.ts';

/** `fairlead doctor`: looks at everything that a gateway needs, changes nothing. */
export function addDoctor(program: Command, output: Output): void {
  program
    .command('doctor')
    .description(
      'check configuration, certificates, store, clock, CloudStack, CCE, OVHcloud, ports, programs and disk space; changes nothing',
    )
    .option('-c, --config <file>', 'configuration file')
    .option('--json', 'one JSON object a line')
    .action(async (options: { config?: string; json?: boolean }) => (await import('./doctor.ts')).examine(options, output));
}
