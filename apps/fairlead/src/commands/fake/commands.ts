import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
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
    .action((options: { port: number; pool?: string }) => fakeCloudStack(options, output));
}

async function fakeCloudStack(options: { port: number; pool?: string }, output: Output): Promise<void> {
  await using scope = new AsyncScope();
  const poolPath = options.pool ?? (await temporaryPool(scope));
  const cloud = scope.use(await FakeCloudStack.start({ port: options.port, poolPath }));
  await cloud.addVm({ name: 'web-01', account: 'admin', cpu: 2, memoryMiB: 2048, disks: [{ name: 'ROOT-web-01', sizeGiB: 1 }] });
  output.print(`endpoint    ${cloud.url}`);
  output.print(`login       ${cloud.admin.username} / ${cloud.admin.password}`);
  output.print(`api key     ${cloud.admin.apiKey}`);
  output.print(`secret key  ${cloud.admin.secretKey}`);
  output.print(`volumes     ${poolPath}`);
  await stopSignal(['SIGINT', 'SIGTERM']);
}

async function temporaryPool(scope: AsyncScope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-pool-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535');
  return port;
}
