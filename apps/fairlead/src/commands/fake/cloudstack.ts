import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCloudStack, type FakeCloudStackOptions } from '@fairlead/cloudstack/fake';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import type { Output } from '../../output.ts';

/** What the command line says of the fake. */
export interface FakeCloudStackWords {
  readonly port: number;
  readonly pool?: string;
  readonly exportApis?: true;
  readonly backupFramework?: true;
  readonly transferUrl?: string;
  /** `true` without a number. */
  readonly costs?: true | number;
  readonly vms: number;
  readonly jobDelay: number;
}

/** Runs the fake until SIGINT or SIGTERM; a temporary pool goes with it. */
export async function runFakeCloudStack(words: FakeCloudStackWords, output: Output): Promise<void> {
  await using scope = new AsyncScope();
  const poolPath = words.pool ?? (await temporaryPool(scope));
  const cloud = scope.use(await FakeCloudStack.start(optionsOf(words, poolPath)));
  await cloud.addVm({ name: 'web-01', account: 'admin', cpu: 2, memoryMiB: 2048, disks: [{ name: 'ROOT-web-01', sizeGiB: 1 }] });
  output.print(`endpoint    ${cloud.url}`);
  output.print(`login       ${cloud.admin.username} / ${cloud.admin.password}`);
  output.print(`api key     ${cloud.admin.apiKey}`);
  output.print(`secret key  ${cloud.admin.secretKey}`);
  output.print(`control     ${new URL('/_fake/', cloud.url).href}`);
  output.print(`volumes     ${poolPath}`);
  await stopSignal(['SIGINT', 'SIGTERM']);
}

function optionsOf(words: FakeCloudStackWords, poolPath: string): FakeCloudStackOptions {
  const { port, exportApis, backupFramework, transferUrl, costs, vms: crowd, jobDelay: jobDelayMs } = words;
  const charged = costs === undefined ? undefined : { scale: costs === true ? 1 : costs };
  return { port, poolPath, exportApis, backupFramework, transferUrl, crowd, jobDelayMs, costs: charged };
}

async function temporaryPool(scope: AsyncScope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-pool-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
