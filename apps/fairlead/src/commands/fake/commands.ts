import { type Command, InvalidArgumentError } from 'commander';
import type { Output } from '../../output.ts';

/** `fairlead fake cloudstack`: a fake alone, for foreign clients. */
export function addFakeCommands(program: Command, output: Output): void {
  const fake = program.command('fake').description('run the fake of a foreign system by itself');
  fake
    .command('cloudstack')
    .description('a CloudStack management server with one host, one pool of real qcow2 files and a demo VM')
    .option('--port <n>', 'port on loopback; any free one when absent', portNumber, 0)
    .option('--pool <folder>', 'folder of the volumes; a temporary one when absent')
    .action(async (options: { port: number; pool?: string }) => (await import('./cloudstack.ts')).runFakeCloudStack(options, output));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535');
  return port;
}
