import type { Command } from 'commander';

/** `fairlead serve`: the daemon, with whatever bridges the configuration switches on. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the gateway, or the agent of a KVM host, until SIGTERM')
    .option('-c, --config <file>', 'configuration file (else FAIRLEAD_CONFIG, ./fairlead.ini, /etc/fairlead/fairlead.ini)')
    .action(async (options: { config?: string }) => (await import('../compose/daemon.ts')).runDaemon(options.config));
}
