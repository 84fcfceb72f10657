import { type Command, InvalidArgumentError } from 'commander';
import type { Output } from '../../output.ts';
import type { FakeCloudStackWords } from './cloudstack.ts';

/** `fairlead fake cloudstack`: a fake alone, for foreign clients. */
export function addFakeCommands(program: Command, output: Output): void {
  const fake = program.command('fake').description('run the fake of a foreign system by itself');
  fake
    .command('cloudstack')
    .description('a CloudStack management server with one host, one pool of real qcow2 files and a demo VM')
    .option('--port <n>', 'port on loopback; any free one when absent', portNumber, 0)
    .option('--pool <folder>', 'folder of the volumes; a temporary one when absent')
    .option('--vms <n>', 'so many instances with one volume and one network card each, always the same', count(50_000), 0)
    .option('--job-delay <ms>', 'how long a job stays pending', count(3_600_000), 0)
    .option('--costs [scale]', 'answers take as long as those of the recorded server did; 0.1 is a tenth of it', scale)
    .option('--export-apis', 'offer the backup export API (expose.kvm.backup.export.service.apis)')
    .option('--backup-framework', 'offer the backup framework (backup.framework.enabled)')
    .option('--transfer-url <base>', 'where the data of image transfers is; the id of the transfer is appended')
    .action(async (words: FakeCloudStackWords) => (await import('./cloudstack.ts')).runFakeCloudStack(words, output));
}

/** A whole number of 0 or more. */
function count(max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number > max) throw new InvalidArgumentError(`0 to ${max}`);
    return number;
  };
}

function scale(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('a number of 0 or more');
  return number;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535');
  return port;
}
