import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { OvirtClient } from '@fairlead/ovirt';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { type Ended, fairlead, RunningCli } from './cli.ts';
import { freePorts, Gate } from './gate.ts';
import { commandLine, processesWith } from './processes.ts';
import { type Serving, serve } from './serve.ts';

/**
 * A small provider: a fake CloudStack in this process, reached through a gate that can be shut, and the gateway as a process of its own with
 * fixed ports, which can be killed and started again on its state.
 */
export class Provider implements AsyncDisposable {
  readonly folder: string;
  readonly cloud: FakeCloudStack;
  /** Between gateway and CloudStack. */
  readonly gate: Gate;
  readonly #config: string;
  readonly #scope: AsyncScope;
  #gateway: Serving | undefined;
  #client: OvirtClient | undefined;

  private constructor(parts: { folder: string; cloud: FakeCloudStack; gate: Gate; config: string; scope: AsyncScope }) {
    this.folder = parts.folder;
    this.cloud = parts.cloud;
    this.gate = parts.gate;
    this.#config = parts.config;
    this.#scope = parts.scope;
  }

  static async start(): Promise<Provider> {
    await using scope = new AsyncScope();
    const folder = scope.use(await tempDir('live-')).path;
    const pool = join(folder, 'pool');
    await mkdir(pool);
    const cloud = scope.use(await FakeCloudStack.start({ poolPath: pool }));
    const gate = scope.use(await Gate.open(Number(new URL(cloud.url).port)));
    const config = join(folder, 'fairlead.ini');
    await writeFile(join(folder, 'qemu-nbd'), FULL_STORAGE);
    await chmod(join(folder, 'qemu-nbd'), 0o755);
    await writeFile(config, configText({ folder, pool, cloud, gate, ports: await freePorts(4) }), { mode: 0o600 });
    const provider = new Provider({ folder, cloud, gate, config, scope: scope.move() });
    await provider.startGateway();
    return provider;
  }

  get caFile(): string {
    return join(this.folder, 'state', 'tls', 'ca.crt');
  }

  get url(): string {
    return `${this.#gateway?.addresses.main}/ovirt-engine`;
  }

  /** The API, as root admin. */
  get client(): OvirtClient {
    if (!this.#client) throw new Error('the gateway is not up');
    return this.#client;
  }

  async startGateway(): Promise<void> {
    this.#gateway = await serve(this.#config);
    const { username, password } = this.cloud.admin;
    this.#client?.close();
    this.#client = new OvirtClient({ url: this.url, username: `${username}@internal`, password, ca: await readFile(this.caFile, 'utf8') });
  }

  /** Ends the gateway; its state stays. */
  async stopGateway(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended | undefined> {
    this.#gateway?.cli.signal(signal);
    return await this.#gateway?.cli.ended;
  }

  /** Runs a command as root admin. */
  run(...args: readonly string[]): Promise<Ended> {
    return fairlead([...args, ...this.#access()], { env: { FAIRLEAD_PASSWORD: this.cloud.admin.password } });
  }

  /** Starts a command as root admin. */
  begin(...args: readonly string[]): RunningCli {
    return new RunningCli([...args, ...this.#access()], { env: { FAIRLEAD_PASSWORD: this.cloud.admin.password } });
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** A stopped VM whose disks are these files, which are moved into the pool. */
  async addVm(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const disks = Object.entries(files).map(([disk, file]) => ({ name: disk, file }));
    await this.cloud.addVm({ name, account: 'admin', cpu: 2, memoryMiB: 2048, disks });
    await until(async () => (await this.client.listVms({ search: `name=${name}` })).length === 1, { what: `the API to list ${name}` });
  }

  /** Fills the storage up: every write into an image fails from now on, for images that are opened from now on. */
  async fillStorage(): Promise<AsyncDisposable> {
    await writeFile(join(this.folder, 'full'), '');
    return { [Symbol.asyncDispose]: () => rm(join(this.folder, 'full')) };
  }

  /** The servers of images that the gateway runs. */
  async exports(): Promise<number[]> {
    const pids = await processesWith(join(this.folder, 'run'));
    const lines = await Promise.all(pids.map(commandLine));
    return pids.filter((_pid, index) => lines[index]?.startsWith('qemu-nbd ') === true);
  }

  /** Every qemu-nbd that works on anything of this provider, on either side. */
  async servers(): Promise<number[]> {
    const pids = await processesWith(this.folder);
    const lines = await Promise.all(pids.map(commandLine));
    return pids.filter((_pid, index) => lines[index]?.startsWith('qemu-nbd ') === true);
  }

  /** Everything that CloudStack has: names of VMs and volumes, and files. */
  async inventory(): Promise<{ vms: string[]; volumes: string[]; files: string[] }> {
    const { vms, volumes } = this.cloud.cloud;
    return {
      vms: vms.filter((vm) => vm.state !== 'Expunging').map((vm) => vm.name),
      volumes: volumes.filter((volume) => volume.state !== 'Expunged').map((volume) => volume.name),
      files: (await readdir(join(this.folder, 'pool'))).sort(),
    };
  }

  async copyVolume(name: string, to: string): Promise<void> {
    await copyFile(this.cloud.volumePath(name), to);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    await this.#gateway?.[Symbol.asyncDispose]();
    for (const pid of await this.servers()) process.kill(pid, 'SIGKILL');
    await this.#scope[Symbol.asyncDispose]();
  }

  #access(): string[] {
    return ['--url', this.url, '--user', `${this.cloud.admin.username}@internal`, '--ca', this.caFile];
  }
}

/** Stands in for qemu-nbd: while the file `full` lies beside it, the storage takes no byte more (ENOSPC, from qemu's own blkdebug). */
const FULL_STORAGE = `#!/bin/bash
if [ -e "\${0%/*}/full" ] && [[ " $* " != *" --read-only "* ]]; then
  fault=file.driver=blkdebug,file.inject-error.0.event=write_aio,file.inject-error.0.errno=28
  args=()
  for arg in "\${@:1:$#-1}"; do args+=("\${arg/#--format=qcow2/--image-opts}"); done
  exec qemu-nbd "\${args[@]}" "driver=qcow2,$fault,file.image.driver=file,file.image.filename=\${*: -1}"
fi
exec qemu-nbd "$@"
`;

interface ConfigParts {
  readonly folder: string;
  readonly pool: string;
  readonly cloud: FakeCloudStack;
  readonly gate: Gate;
  readonly ports: readonly number[];
}

function configText({ folder, pool, cloud, gate, ports }: ConfigParts): string {
  return [
    `[server]\nhost = 127.0.0.1\nport = ${ports[0]}\npublic_ip = 127.0.0.1`,
    `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    `[cloudstack]\nendpoint = http://127.0.0.1:${gate.port}/client/api`,
    `api_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
    `[ovirt]\ninventory_refresh = 1s`,
    `[image]\nhost = 127.0.0.1\nroots = ${pool}\nqemu_nbd = ${folder}/qemu-nbd`,
    `data_port = ${ports[1]}\nproxy_port = ${ports[2]}\ncontrol_port = ${ports[3]}`,
  ].join('\n');
}
