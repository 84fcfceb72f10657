import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { tempDir } from '@fairlead/testkit/temp';
import { freePorts } from '../gate.ts';
import { commandLine, processesWith } from '../processes.ts';
import { Killable } from './killable.ts';

/** What an ended story may leave nothing of. */
const OPEN_ROWS: Readonly<Record<string, string>> = {
  locks: 'select resource, purpose, lease_ms from ovirt_locks',
  backups: 'select id, phase from ovirt_backups where ended_ms is null',
  transfers: 'select id, phase from ovirt_transfers where ended_ms is null',
  jobs: "select description, cs_job_id from ovirt_jobs where status = 'started'",
  disks: 'select id, creating from ovirt_disks where creating is not null',
  'jobs of the agent': "select id, state from image_jobs where state = 'open'",
  tickets: 'select transfer_id from image_tickets',
  routes: 'select transfer_id from image_routes where digest is not null',
  'backups of the image bridge': 'select id from image_backups where open_vm is not null',
};

/** A gateway and an agent, each a process that can be killed at any step, on one store, and a CloudStack that nobody kills. */
export class World implements AsyncDisposable {
  readonly folder: string;
  readonly cloud: FakeCloudStack;
  readonly gateway: Killable;
  readonly agent: Killable;
  readonly #scope: AsyncScope;

  private constructor(parts: { folder: string; cloud: FakeCloudStack; gateway: Killable; agent: Killable; scope: AsyncScope }) {
    this.folder = parts.folder;
    this.cloud = parts.cloud;
    this.gateway = parts.gateway;
    this.agent = parts.agent;
    this.#scope = parts.scope;
  }

  static async start(): Promise<World> {
    await using scope = new AsyncScope();
    const folder = scope.use(await tempDir('walk-')).path;
    const pool = join(folder, 'pool');
    await mkdir(pool);
    const cloud = scope.use(await FakeCloudStack.start({ poolPath: pool }));
    const files = await configure(folder, cloud);
    const gateway = scope.use(await Killable.start(files.gateway, join(folder, 'gateway-steps')));
    const agent = scope.use(await Killable.start(files.agent, join(folder, 'agent-steps')));
    return new World({ folder, cloud, gateway, agent, scope: scope.move() });
  }

  get caFile(): string {
    return join(this.folder, 'state', 'tls', 'ca.crt');
  }

  async up(): Promise<void> {
    await Promise.all([this.gateway.up(), this.agent.up()]);
  }

  /** What is still open, by the rows, the processes, the sockets and CloudStack; empty when all is well. */
  async left(): Promise<readonly string[]> {
    const programs = await this.#servers();
    const sockets = await readdir(join(this.folder, 'run-agent', 'nbd')).catch(() => []);
    return [...this.#openRows(), ...programs.map((pid) => `process ${pid}`), ...sockets.map((file) => `file ${file}`)];
  }

  /** Names of the VMs and volumes that CloudStack has. */
  inventory(): readonly string[] {
    const { vms, volumes } = this.cloud.cloud;
    const alive = vms.filter((vm) => vm.state !== 'Expunging').map((vm) => `VM ${vm.name}`);
    return [...alive, ...volumes.filter((volume) => volume.state !== 'Expunged').map((volume) => `volume ${volume.name}`)].sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope[Symbol.asyncDispose]();
    for (const pid of await this.#servers()) process.kill(pid, 'SIGKILL');
  }

  #openRows(): string[] {
    const database = new DatabaseSync(join(this.folder, 'state', 'fairlead.db'), { readOnly: true });
    try {
      return Object.entries(OPEN_ROWS).flatMap(([what, sql]) =>
        database
          .prepare(sql)
          .all()
          .map((row) => `${what}: ${JSON.stringify(row)}`),
      );
    } finally {
      database.close();
    }
  }

  async #servers(): Promise<number[]> {
    const pids = await processesWith(this.folder);
    const lines = await Promise.all(pids.map(commandLine));
    return pids.filter((_pid, index) => /^\S*qemu-(nbd|img) /.test(lines[index] ?? ''));
  }
}

/** Gateway and agent on one host and one store, as two programs. */
async function configure(folder: string, cloud: FakeCloudStack): Promise<{ gateway: string; agent: string }> {
  const ports = await freePorts(5);
  const common = [
    `public_ip = 127.0.0.1\nstate_dir = ${folder}/state`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
  ];
  const gateway = [
    `[server]\nhost = 127.0.0.1\nport = ${ports[0]}\nrun_dir = ${folder}/run-gateway`,
    ...common,
    `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
    '[ovirt]\ninventory_refresh = 1s',
    `[image]\nrole = proxy\nhost = 127.0.0.1\nproxy_port = ${ports[1]}`,
  ];
  const agent = [
    `[server]\nhost = 127.0.0.1\nport = ${ports[2]}\nrun_dir = ${folder}/run-agent`,
    ...common,
    `[image]\nrole = server\nhost = 127.0.0.1\nroots = ${folder}/pool\ndata_port = ${ports[3]}\ncontrol_port = ${ports[4]}`,
  ];
  const files = { gateway: join(folder, 'gateway.ini'), agent: join(folder, 'agent.ini') };
  await writeFile(files.gateway, gateway.join('\n'), { mode: 0o600 });
  await writeFile(files.agent, agent.join('\n'), { mode: 0o600 });
  return files;
}
