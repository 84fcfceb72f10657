import type { Command } from 'commander';
import type { CcedOptions } from './cce/daemon.ts';

/** `fairlead cced`: the configuration engine with its sockets and without HTTPS, for whoever wants only a cced. */
export function addCced(program: Command): void {
  program
    .command('cced')
    .description('run the configuration engine alone, served over CSCP sockets, until SIGTERM')
    .option('-c, --config <file>', 'configuration file, of which [cce] counts')
    .option('--data <folder>', 'without a configuration file: where the database and its secret are kept')
    .option('--socket <path>', 'socket for everybody (else [cce] serve_socket, else /run/fairlead/cced.socket)')
    .option('--admin-socket <path>', 'socket with all rights for the user of this process (else [cce] admin_socket)')
    .option(
      '--demo',
      'begin a new database with the objects of the demo; user admin, password blueonyx; without --data or --config it is gone at the end',
    )
    .option('--schema-dir <folder>', 'folder of *.schema files instead of the shipped ones')
    .option('--conf-dir <folder>', 'folder of *.conf files that bind handlers to events')
    .option('--handler-dir <folder>', 'folder of the programs of handlers and rules')
    .option('--session-timeout <time>', 'sessions end when unused for this long, for instance 1h')
    .option('--extensions', 'offer VERSION, SCHEMA and WATCH on the sockets')
    .option('--no-handlers', 'run no handlers')
    .option('--fail-transactions', 'let every transaction fail: for tests of clients')
    .option('--read-only', 'refuse every write')
    .action(async (options: CcedOptions) => (await import('./cce/daemon.ts')).runCced(options));
}
