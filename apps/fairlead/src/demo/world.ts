import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import { FakeOvh } from '@fairlead/ovh/fake';
import { loadConfiguration } from '../compose/configuration.ts';
import { startGateway } from '../compose/gateway.ts';
import { type CceFacts, cceFacts, cceSection } from './cce-world.ts';
import { type CyberappFacts, seedCyberapp } from './cyberapp-world.ts';
import { makeDemoDisk } from './disk.ts';
import { gatewayLines } from './gateway-lines.ts';
import { OVH_SIZES, type OvhFacts, ovhFacts, ovhSection } from './ovh-world.ts';

export interface WorldOptions {
  /** Folder for everything: state, sockets, volumes. */
  readonly stateDir: string;
  readonly log: Log;
  /** Sections of the configuration that reach an Acronis; without them there is none. */
  readonly acronisLines?: readonly string[];
}

/** A whole small provider in one process: gateway, image server, a fake CloudStack whose volumes are real qcow2 files, and a fake OVHcloud. */
export interface World extends AsyncDisposable {
  /** `https://…/ovirt-engine/api`. */
  readonly apiUrl: string;
  /** `https://…/ovirt-engine`. */
  readonly baseUrl: string;
  readonly caFile: string;
  /** Login of the root admin, `user@profile`. */
  readonly user: string;
  readonly password: string;
  readonly vmName: string;
  /** The qcow2 file behind the VM's disk. */
  readonly vmDiskPath: string;
  readonly poolPath: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly cloud: FakeCloudStack;
  readonly cce: CceFacts;
  readonly ovh: OvhFacts;
  readonly cyberapp: CyberappFacts;
}

const VM_NAME = 'web-01';

/** Starts the world on free ports of loopback, with one stopped VM whose disk holds a real filesystem. */
export async function startWorld({ stateDir, log, acronisLines = [] }: WorldOptions): Promise<World> {
  await using scope = new AsyncScope();
  const poolPath = join(stateDir, 'pool');
  await mkdir(poolPath, { recursive: true });
  const cloud = scope.use(await FakeCloudStack.start({ poolPath }));
  const ovh = scope.use(await FakeOvh.start(OVH_SIZES));
  const vmDiskPath = await addVm(cloud, poolPath, stateDir);
  const config = loadConfiguration({
    text: [...configurationLines(stateDir, poolPath, cloud), ...ovhSection(ovh), ...acronisLines, ''].join('\n'),
    env: {},
  });
  const gateway = scope.use(await startGateway({ config, log }));
  const caFile = join(stateDir, 'ca.crt');
  await writeFile(caFile, gateway.caPem);
  const baseUrl = `${gateway.addresses.main}/ovirt-engine`;
  const held = scope.move();
  return {
    apiUrl: `${baseUrl}/api`,
    baseUrl,
    caFile,
    user: `${cloud.admin.username}@internal`,
    password: cloud.admin.password,
    vmName: VM_NAME,
    vmDiskPath,
    poolPath,
    addresses: { ...gateway.addresses, cloudstack: cloud.url, ovhcloud: ovh.apiUrl },
    cloud,
    cce: await cceFacts(stateDir, gateway.addresses.cce ?? ''),
    ovh: ovhFacts(ovh),
    cyberapp: await seedCyberapp(config, log),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

async function addVm(cloud: FakeCloudStack, poolPath: string, stateDir: string): Promise<string> {
  const file = join(poolPath, 'web-01-root.qcow2');
  await makeDemoDisk(file, stateDir);
  await cloud.addVm({ name: VM_NAME, account: 'admin', cpu: 2, memoryMiB: 2048, disks: [{ name: 'ROOT-web-01', file }] });
  return file;
}

function configurationLines(stateDir: string, poolPath: string, cloud: FakeCloudStack): readonly string[] {
  return [
    ...gatewayLines(stateDir),
    '[cloudstack]',
    `endpoint = ${cloud.url}`,
    `api_key = ${cloud.admin.apiKey}`,
    `secret_key = ${cloud.admin.secretKey}`,
    '[ovirt]',
    '[image]',
    `roots = ${poolPath}`,
    'host = 127.0.0.1',
    'data_port = 0',
    'proxy_port = 0',
    'control_port = 0',
    ...cceSection(),
  ];
}
