import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import type { Output } from '../../output.ts';

/** Runs the fake until SIGINT or SIGTERM; a temporary pool goes with it. */
export async function runFakeCloudStack(options: { port: number; pool?: string }, output: Output): Promise<void> {
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
