import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { openStore, type Store } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { freePorts } from '../gate.ts';
import { commandLine, processesWith } from '../processes.ts';
import { Killable } from './killable.ts';

type Row = Readonly<Record<string, unknown>>;

/** What an ended story may leave nothing of. */
const OPEN: Readonly<Record<string, (row: Row) => boolean>> = {
  ovirt_locks: () => true,
  ovirt_backups: (row) => row.ended_ms === null,
  ovirt_transfers: (row) => row.ended_ms === null,
  ovirt_jobs: (row) => row.status === 'started',
  ovirt_disks: (row) => row.creating !== null,
  image_jobs: (row) => row.state === 'open',
  image_tickets: () => true,
  image_routes: (row) => row.digest !== null || row.ended_ms === null,
  image_backups: (row) => row.ended_ms === null,
};

export interface WorldOptions {
  /** Where gateways and agent keep their state; else one SQLite file. */
  readonly storeUrl?: string;
  /** How many gateways there are: 1 or 2. */
  readonly gateways?: number;
}

/** Gateways and an agent, each a process that can be killed at any step, on one store, and a CloudStack that nobody kills. */
export class World implements AsyncDisposable {
  readonly folder: string;
  readonly cloud: FakeCloudStack;
  readonly gateways: readonly Killable[];
  readonly agent: Killable;
  readonly #store: Store;
  readonly #scope: AsyncScope;

  private constructor(parts: Pick<World, 'folder' | 'cloud' | 'gateways' | 'agent'> & { store: Store; scope: AsyncScope }) {
    this.folder = parts.folder;
    this.cloud = parts.cloud;
    this.gateways = parts.gateways;
    this.agent = parts.agent;
    this.#store = parts.store;
    this.#scope = parts.scope;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    await using scope = new AsyncScope();
    const folder = scope.use(await tempDir('walk-')).path;
    const pool = join(folder, 'pool');
    await mkdir(pool);
    const cloud = scope.use(await FakeCloudStack.start({ poolPath: pool }));
    const files = await configure(folder, cloud, options);
    const start = async (name: string, file: string) => scope.use(await Killable.start(file, join(folder, `steps-of-${name}`)));
    // The first one makes the schema and the authority of all.
    const gateways = [await start('gateway', files.gateways[0] ?? '')];
    for (const file of files.gateways.slice(1)) gateways.push(await start('other', file));
    const agent = await start('agent', files.agent);
    const { log } = captureLog();
    const store = scope.use(await openStore({ url: options.storeUrl, stateDir: join(folder, 'state'), log, clock: systemClock }));
    return new World({ folder, cloud, gateways, agent, store, scope: scope.move() });
  }

  /** The first one. */
  get gateway(): Killable {
    const [first] = this.gateways;
    if (first === undefined) throw new Error('a world without gateways');
    return first;
  }

  get caFile(): string {
    return join(this.folder, 'state', 'tls', 'ca.crt');
  }

  /** Waits for everything that is to be started again. */
  async up(): Promise<void> {
    const awaited = [...this.gateways, this.agent].filter((one) => one.isRevived || !one.isDead);
    await Promise.all(awaited.map((one) => one.up()));
  }

  /** What is still open, by the rows, the processes, the sockets and CloudStack; empty when all is well. */
  async left(): Promise<readonly string[]> {
    const programs = await this.#servers();
    const sockets = await readdir(join(this.folder, 'run-agent', 'nbd')).catch(() => []);
    return [...(await this.#openRows()), ...programs.map((pid) => `process ${pid}`), ...sockets.map((file) => `file ${file}`)];
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

  async #openRows(): Promise<string[]> {
    const tables = this.#store.tables<Record<string, Row>>();
    const found: string[] = [];
    for (const [table, isOpen] of Object.entries(OPEN)) {
      const rows = await tables.selectFrom(table).selectAll().execute();
      for (const row of rows) if (isOpen(row)) found.push(`${table}: ${JSON.stringify(row)}`);
    }
    return found;
  }

  async #servers(): Promise<number[]> {
    const pids = await processesWith(this.folder);
    const lines = await Promise.all(pids.map(commandLine));
    return pids.filter((_pid, index) => /^\S*qemu-(nbd|img) /.test(lines[index] ?? ''));
  }
}

/** Gateways and an agent on one host and one store, as programs of their own. */
async function configure(folder: string, cloud: FakeCloudStack, options: WorldOptions): Promise<{ gateways: string[]; agent: string }> {
  const { gateways = 1, storeUrl } = options;
  const ports = await freePorts(3 + 2 * gateways);
  const server = (port: number | undefined, name: string) => [
    `[server]\nhost = 127.0.0.1\nport = ${port}\nrun_dir = ${folder}/run-${name}`,
    `public_ip = 127.0.0.1\nstate_dir = ${folder}/state`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    storeUrl === undefined ? '' : `[store]\nurl = ${storeUrl}`,
  ];
  const agent = [
    ...server(ports[0], 'agent'),
    `[image]\nrole = server\nhost = 127.0.0.1\nroots = ${folder}/pool\ndata_port = ${ports[1]}\ncontrol_port = ${ports[2]}`,
  ];
  const gateway = (at: number) => [
    ...server(ports[3 + 2 * at], `gateway-${at}`),
    `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
    '[ovirt]\ninventory_refresh = 1s',
    `[image]\nrole = proxy\nhost = 127.0.0.1\nproxy_port = ${ports[4 + 2 * at]}`,
  ];
  const write = async (name: string, lines: readonly string[]) => {
    const file = join(folder, `${name}.ini`);
    await writeFile(file, lines.join('\n'), { mode: 0o600 });
    return file;
  };
  const all = Array.from({ length: gateways }, (_, at) => write(`gateway-${at}`, gateway(at)));
  return { gateways: await Promise.all(all), agent: await write('agent', agent) };
}
