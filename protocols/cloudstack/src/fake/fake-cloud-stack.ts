import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TransferUrl } from './backup-book.ts';
import type { Cloud } from './cloud.ts';
import type { CostMeter, CostSettings } from './costs.ts';
import { addCrowd } from './crowd.ts';
import { DiskFiles } from './disk-files.ts';
import { FakeClock } from './fake-clock.ts';
import type { Faults } from './faults.ts';
import { Front } from './front.ts';
import type { HostAgent } from './host-agent.ts';
import type { Host, Network, Nic, Project, User, Vm, Volume } from './model.ts';
import { addNic } from './nics.ts';
import { accountOf, addNetwork, addProject, seededCloud } from './seed.ts';
import { type FakeTls, fakeHttpServer } from './server.ts';
import { addSnapshot, addWorkVm, type NewWorkVm } from './stock.ts';
import type { Throttle } from './throttle.ts';

/** How a fake management server is started. */
export interface FakeCloudStackOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  readonly tls?: FakeTls | undefined;
  /** Folder of the SharedMountPoint pool; volumes are qcow2 files in it. Must exist. */
  readonly poolPath: string;
  /** How long an idle connection stays open, in ms of real time. Default 30 000. */
  readonly idleMs?: number | undefined;
  /** How long a job stays pending, in ms of the fake's clock. Default 0. */
  readonly jobDelayMs?: number | undefined;
  /** Default: the machine's time, which `clock.advance` turns on. */
  readonly clock?: FakeClock | undefined;
  /** Address of the one KVM host. Default 127.0.0.1. */
  readonly hostAddress?: string | undefined;
  /** Whether volumes have `physicalsize`, as after the first run of the statistics collector. Default true. */
  readonly volumeStats?: boolean | undefined;
  /** `expose.kvm.backup.export.service.apis`. Default false. */
  readonly exportApis?: boolean | undefined;
  /** `backup.framework.enabled`, with the provider `dummy`. Default false. */
  readonly backupFramework?: boolean | undefined;
  /** Where the data of image transfers is. Default a URL at which nobody listens. */
  readonly transferUrl?: TransferUrl | undefined;
  /** Charges what the real server charged. Default: nothing. */
  readonly costs?: CostSettings | undefined;
  /** So many instances with a volume and a card each, always the same. Default 0. */
  readonly crowd?: number | undefined;
}

/** A person of the fake, with everything that proves it. */
export interface FakeUser {
  readonly username: string;
  readonly password: string;
  /** `/tenants`; `/` is the root. */
  readonly domain: string;
  /** Its newest pair of keys. */
  readonly apiKey: string;
  readonly secretKey: string;
}

/** A CloudStack management server in this process: real signatures, sessions, jobs and qcow2 files; no hypervisor. */
export class FakeCloudStack implements AsyncDisposable {
  /** The rows, for tests that look behind the API. */
  readonly cloud: Cloud;
  readonly clock: FakeClock;
  readonly faults: Faults;
  readonly throttle: Throttle;
  readonly costs: CostMeter;
  /** Of the KVM host: says yes to everything until it is told otherwise. */
  readonly agent: HostAgent;
  /** Names of the commands that arrived, in their order. */
  readonly calls: string[];
  /** `enforce.post.requests.and.timestamps`. */
  readonly settings: { enforceTimestamps: boolean };
  readonly #front: Front;
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(options: FakeCloudStackOptions) {
    this.clock = options.clock ?? new FakeClock();
    const settings = {
      clock: this.clock,
      disks: new DiskFiles(options.poolPath),
      jobDelayMs: options.jobDelayMs ?? 0,
      volumeStats: options.volumeStats ?? true,
      features: { exportApis: options.exportApis ?? false, backupFramework: options.backupFramework ?? false },
    };
    this.cloud = seededCloud(settings, { hostAddress: options.hostAddress ?? '127.0.0.1' });
    if (options.transferUrl !== undefined) this.cloud.backups.transferUrl = options.transferUrl;
    this.#front = new Front(this.cloud);
    const { faults, throttle, costs, calls, settings: switches } = this.#front;
    this.faults = faults;
    this.throttle = throttle;
    this.costs = costs;
    this.calls = calls;
    this.settings = switches;
    this.agent = this.cloud.agent;
    costs.set(options.costs);
    this.#scheme = options.tls === undefined ? 'http' : 'https';
    this.#server = fakeHttpServer(options.tls, (message, response) => void this.#front.serve(message, response), options.idleMs);
  }

  /** Starts one; it listens when the promise is fulfilled. */
  static async start(options: FakeCloudStackOptions): Promise<FakeCloudStack> {
    const fake = new FakeCloudStack(options);
    await addCrowd(fake.cloud, options.crowd ?? 0);
    fake.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** `http://127.0.0.1:1234/client/api`. */
  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `${this.#scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}/client/api`;
  }

  get poolPath(): string {
    return this.cloud.disks.folder;
  }

  get admin(): FakeUser {
    return this.user('admin');
  }

  /** How many login sessions are open. */
  get sessionCount(): number {
    return this.#front.sessions.count;
  }

  /** How many connections are open. */
  connectionCount(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  /** `admin`, `dadmin`, `alice`, `bob`. */
  user(username: string): FakeUser {
    const { password, keys, account } = this.userRow(username);
    const { apiKey, secretKey } = found(keys.at(-1), `keys of ${username}`);
    return { username, password, apiKey, secretKey, domain: account.domain.path.replace(/^ROOT\/?/, '/') };
  }

  userRow(username: string): User {
    return found(
      this.cloud.users.find((row) => row.username === username),
      `user ${username}`,
    );
  }

  /** An instance with disks, as if it had been deployed long ago. */
  addVm(wish: NewWorkVm): Promise<Vm> {
    return addWorkVm(this.cloud, wish);
  }

  /** A snapshot of an instance: it refuses further disks and cards from then on. */
  addVmSnapshot(name: string, displayname: string, description?: string): void {
    addSnapshot(this.cloud, this.vm(name), displayname, description);
  }

  /** A card in an instance. */
  addNic(vm: string, network: string): Nic {
    const row = this.cloud.networks.find((candidate) => candidate.name === network);
    return addNic(this.cloud, this.vm(vm), found(row, `network ${network}`));
  }

  /** One more KVM host in the one cluster: a place to migrate to. */
  addHost(name: string, ipaddress: string): Host {
    const host: Host = { ...this.cloud.row(), name, ipaddress, created: this.clock.now() };
    this.cloud.hosts.push(host);
    return host;
  }

  /** An isolated guest network of an account. */
  addNetwork(name: string, account: string): Network {
    return addNetwork(this.cloud, name, accountOf(this.cloud, account));
  }

  /** A project; `projectid` then names it. */
  addProject(name: string, members: readonly string[]): Project {
    return addProject(this.cloud, name, members);
  }

  /** By name or id; the newest of that name that is not expunged. */
  vm(name: string): Vm {
    return found(
      this.cloud.vms.findLast((row) => row.id === name || (row.name === name && row.state !== 'Expunging')),
      `instance ${name}`,
    );
  }

  /** By id or name. */
  volume(id: string): Volume {
    return found(
      this.cloud.volumes.findLast((row) => row.id === id || (row.name === id && row.state !== 'Expunged')),
      `volume ${id}`,
    );
  }

  /** The volume's qcow2 file. */
  volumePath(id: string): string {
    return this.cloud.disks.pathOf(found(this.volume(id).path, `file of volume ${id}`));
  }

  /** Ends every job whose time has come; calls do that by themselves. */
  settle(): Promise<void> {
    return this.cloud.jobs.settle();
  }

  /** Stops listening and cuts all connections. The pool's files stay. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.settle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the fake cloud has no ${what}`);
  return value;
}
