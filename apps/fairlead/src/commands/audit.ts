import type { Command } from 'commander';
import type { Output } from '../output.ts';
import type { AuditOptions } from './print-audit.ts';

/** `fairlead audit`: what was done by whom. */
export function addAudit(program: Command, output: Output): void {
  program
    .command('audit')
    .description('print what was done by whom, the newest last')
    .option('-c, --config <file>', 'configuration file')
    .option('--since <time>', 'a span such as 2h or 30d, or a time such as 2026-11-22T08:00Z', '1d')
    .option('--correlation <id>', 'only what belongs to this correlation id')
    .option('--object <id>', 'only what was done to this object')
    .option('--limit <n>', 'at most so many, 1 to 1000', '200')
    .option('--json', 'one JSON object a line')
    .action(async (options: AuditOptions) => (await import('./print-audit.ts')).printAudit(options, output));
}
