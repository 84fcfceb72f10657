import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { loadConfiguration } from '../../src/compose/configuration.ts';
import { startGateway } from '../../src/compose/gateway.ts';

/** A gateway in this process, on a fake CloudStack without virtual machines. */
export interface TestGateway extends AsyncDisposable {
  /** Options that make a command reach it as root admin. */
  readonly access: readonly string[];
  readonly url: string;
  readonly caFile: string;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
}

/** Starts it on free ports. */
export async function testGateway(): Promise<TestGateway> {
  await using scope = new AsyncScope();
  const folder = scope.use(await tempDir('cli-')).path;
  const cloud = scope.use(await FakeCloudStack.start({ poolPath: folder }));
  const text = [
    '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1',
    `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
    '[image]\nhost = 127.0.0.1\ndata_port = 0\nproxy_port = 0\ncontrol_port = 0',
  ].join('\n');
  const gateway = scope.use(await startGateway({ config: loadConfiguration({ text, env: {} }), log: captureLog().log }));
  const caFile = join(folder, 'ca.crt');
  const passwordFile = join(folder, 'password');
  await writeFile(caFile, gateway.caPem);
  await writeFile(passwordFile, `${cloud.admin.password}\n`, { mode: 0o600 });
  const held = scope.move();
  const url = `${gateway.addresses.main}/ovirt-engine`;
  const user = `${cloud.admin.username}@internal`;
  return {
    access: ['--url', url, '--ca', caFile, '--user', user, '--password-file', passwordFile],
    url,
    caFile,
    user,
    password: cloud.admin.password,
    folder,
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
