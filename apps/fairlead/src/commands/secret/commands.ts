import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import type { RotateOptions } from './rotate.ts';

/** `fairlead secret rotate|status`. */
export function addSecretCommands(program: Command, output: Output): void {
  const secret = program.command('secret').description('change the server secret');
  secret
    .command('rotate')
    .description('write a new server secret into the configuration; the former one stays readable until you remove it')
    .option('-c, --config <file>', 'configuration file')
    .option('--prepare', 'make a new secret known, but do not use it yet: the first step where several gateways share a store')
    .option('--swap', 'use the secret that was made known, and keep the one in use for reading: the second step')
    .option('--force', 'also when the last change is not over: what stands under the secret before is lost')
    .action(async (options: RotateOptions) => (await import('./rotate.ts')).rotateSecret(options, output));
  secret
    .command('status')
    .description('say which rows stand under which secret; exit code 3 while the former one is needed')
    .option('-c, --config <file>', 'configuration file')
    .action(async (options: { config?: string }) => (await import('./status.ts')).printSecretStatus(options.config, output));
}
