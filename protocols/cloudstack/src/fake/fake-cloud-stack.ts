import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from './cloud.ts';
import { DiskFiles } from './disk-files.ts';
import { dispatch } from './dispatch.ts';
import { FakeClock } from './fake-clock.ts';
import { replacement } from './fault-replies.ts';
import { type Fault, Faults } from './faults.ts';
import { loginReply, logoutReply } from './login-replies.ts';
import type { Network, Nic, Project, User, Vm, Volume } from './model.ts';
import { addNic } from './nics.ts';
import { type FakeRequest, paramOf, readRequest } from './request.ts';
import { accountOf, addNetwork, addProject, seededCloud } from './seed.ts';
import { earlyReply, type FakeTls, fakeHttpServer, page, tooLargePage, type WireReply, writeReply } from './server.ts';
import { Sessions } from './sessions.ts';
import { addSnapshot, addWorkVm, type NewWorkVm } from './stock.ts';
import { Throttle } from './throttle.ts';
import { JSON_TYPE, toWire } from './wire.ts';

/** How a fake management server is started. */
export interface FakeCloudStackOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  readonly tls?: FakeTls | undefined;
  /** Folder of the SharedMountPoint pool; volumes are qcow2 files in it. Must exist. */
  readonly poolPath: string;
  /** How long a job stays pending, in ms of the fake's clock. Default 0. */
  readonly jobDelayMs?: number | undefined;
  /** Default: the machine's time, which `clock.advance` turns on. */
  readonly clock?: FakeClock | undefined;
  /** Address of the one KVM host. Default 127.0.0.1. */
  readonly hostAddress?: string | undefined;
  /** Whether volumes have `physicalsize`, as after the first run of the statistics collector. Default true. */
  readonly volumeStats?: boolean | undefined;
}

/** A person of the fake, with everything that proves it. */
export type FakeUser = Pick<User, 'username' | 'password' | 'apiKey' | 'secretKey'> & { readonly domain: string };

/** A CloudStack management server in this process: real signatures, sessions, jobs and qcow2 files; no hypervisor. */
export class FakeCloudStack implements AsyncDisposable {
  /** The rows, for tests that look behind the API. */
  readonly cloud: Cloud;
  readonly clock: FakeClock;
  readonly faults = new Faults();
  readonly throttle: Throttle;
  /** Names of the commands that arrived, in their order. */
  readonly calls: string[] = [];
  /** `enforce.post.requests.and.timestamps`. */
  readonly settings = { enforceTimestamps: false };
  readonly #sessions: Sessions;
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(options: FakeCloudStackOptions) {
    this.clock = options.clock ?? new FakeClock();
    const settings = {
      clock: this.clock,
      disks: new DiskFiles(options.poolPath),
      jobDelayMs: options.jobDelayMs ?? 0,
      volumeStats: options.volumeStats ?? true,
    };
    this.cloud = seededCloud(settings, { hostAddress: options.hostAddress ?? '127.0.0.1' });
    this.throttle = new Throttle(this.clock);
    this.#sessions = new Sessions(this.cloud);
    this.#scheme = options.tls === undefined ? 'http' : 'https';
    this.#server = fakeHttpServer(options.tls, (message, response) => void this.#serve(message, response));
  }

  /** Starts one; it listens when the promise is fulfilled. */
  static async start(options: FakeCloudStackOptions): Promise<FakeCloudStack> {
    const fake = new FakeCloudStack(options);
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
    return this.#sessions.count;
  }

  /** How many connections are open. */
  connectionCount(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  /** `admin`, `dadmin`, `alice`, `bob`. */
  user(username: string): FakeUser {
    const { password, apiKey, secretKey, account } = this.userRow(username);
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

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const early = earlyReply(message);
    if (early !== undefined) return writeReply(message, response, early);
    try {
      const request = await readRequest(message);
      if (request.tooLarge) return writeReply(message, response, tooLargePage());
      await this.#answer(message, response, request);
    } catch (error) {
      if (response.writableEnded || message.destroyed) return;
      writeReply(message, response, page(500, `<h1>fake failed</h1>${error instanceof Error ? error.message : String(error)}`));
    }
  }

  async #answer(message: IncomingMessage, response: ServerResponse, request: FakeRequest): Promise<void> {
    const command = request.params.get('command') ?? '';
    this.calls.push(command);
    const fault = this.faults.take(command);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void message.socket.destroy();
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const replaced = fault === undefined ? undefined : replacement(fault, command);
    const reply = replaced ?? (await this.#reply(request, fault));
    if (fault?.kind === 'cut') return cut(message, response, reply);
    writeReply(message, response, reply);
  }

  async #reply(request: FakeRequest, fault: Fault | undefined): Promise<WireReply> {
    await this.settle();
    const command = request.params.get('command');
    if (command === 'login') return loginReply(this.cloud, this.#sessions, request);
    if (command === 'logout') return logoutReply(this.#sessions, request);
    const { cloud, throttle, settings } = this;
    const reply = await dispatch({ cloud, sessions: this.#sessions, throttle, settings }, request, fault);
    await this.settle();
    return toWire(reply, paramOf(request, 'response') === 'json');
  }
}

function cut(message: IncomingMessage, response: ServerResponse, reply: WireReply): void {
  response.writeHead(reply.status, { 'Content-Type': reply.contentType ?? JSON_TYPE, 'Content-Length': Buffer.byteLength(reply.body) });
  response.write(reply.body.slice(0, reply.body.length / 2), () => message.socket.destroy());
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the fake cloud has no ${what}`);
  return value;
}
