import { FakeCloudStack, type FakeCloudStackOptions } from '@fairlead/cloudstack/fake';
import { Audit } from '@fairlead/kernel/audit';
import { AsyncScope, type BridgeContext, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import type { ImageBackups, ImageTransfers, InventorySource } from '@fairlead/kernel/services';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import { type CapturedLog, captureLog } from '@fairlead/testkit/capture';
import { type TestAuthority, testAuthority } from '@fairlead/testkit/certs';
import { TurnableClock } from '@fairlead/testkit/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import fastify, { type FastifyInstance } from 'fastify';
import type { OvirtSettings } from '../../src/config.ts';
import { bridge } from '../../src/index.ts';
import { ImageStandIn } from './image-stand-in.ts';
import { KillableStore } from './killable-store.ts';

type Json = Record<string, unknown>;

export interface RigOptions {
  readonly cloud?: Partial<FakeCloudStackOptions>;
  /** Other services of the image bridge than the stand-in; `false`: none. */
  readonly images?: false | { readonly backups: ImageBackups; readonly transfers: ImageTransfers };
  /** Another store than one in memory. */
  readonly storeUrl?: string;
  /** Before the gateway starts: rows of the fake. Without it they are met one by one, when they are asked for by id. */
  readonly prepare?: (fake: FakeCloudStack) => Promise<unknown>;
}

export interface RigReply {
  readonly status: number;
  readonly text: string;
  readonly json: Json & { readonly id: string; readonly detail: string; readonly phase: string; readonly status: string };
}

/** A gateway that works; several may share one store. */
interface Gateway {
  readonly origin: string;
  /** What it tells other bridges. */
  readonly inventory: InventorySource;
  /** As `kill -9`: nothing of it reaches the store any more. */
  kill(): void;
  stop(): Promise<void>;
}

/** A cloud, an image service and a store that outlive gateways, and one or more gateways before them. */
export class Rig implements AsyncDisposable {
  readonly fake: FakeCloudStack;
  readonly images = new ImageStandIn();
  readonly clock = new TurnableClock();
  readonly log: CapturedLog = captureLog();
  readonly store: Store;
  readonly #scope: AsyncScope;
  readonly #certs: TestAuthority;
  readonly #options: RigOptions;
  #gateway: Gateway | undefined;

  private constructor(parts: { fake: FakeCloudStack; store: Store; scope: AsyncScope; certs: TestAuthority; options: RigOptions }) {
    this.fake = parts.fake;
    this.store = parts.store;
    this.#scope = parts.scope;
    this.#certs = parts.certs;
    this.#options = parts.options;
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const scope = new AsyncScope();
    try {
      const pool = scope.use(await tempDir('fairlead-pool-'));
      const fake = scope.use(await FakeCloudStack.start({ poolPath: pool.path, ...options.cloud }));
      await options.prepare?.(fake);
      const certs = scope.use(await testAuthority());
      const store = scope.use(
        await openStore({
          url: options.storeUrl ?? 'sqlite::memory:',
          stateDir: certs.stateDir,
          log: captureLog().log,
          clock: new TurnableClock(),
        }),
      );
      await migrate(store, [...kernelMigrations, ...bridge.migrations]);
      const rig = new Rig({ fake, store, scope, certs, options });
      rig.#gateway = await rig.addGateway();
      return rig;
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Another gateway on the same store. */
  async addGateway(): Promise<Gateway> {
    const scope = new AsyncScope();
    this.#scope.defer(() => scope[Symbol.asyncDispose]().catch(() => undefined));
    const store = new KillableStore(this.store);
    const context = this.#context(store);
    const running = scope.use(await bridge.start(context, this.#settings()));
    const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 512 } });
    for (const plugin of running.plugins) await app.register((inner) => plugin.register(inner as unknown as FastifyInstance));
    await app.listen({ host: '127.0.0.1', port: 0 });
    scope.defer(() => app.close());
    const address = app.server.address();
    const origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    const inventory = context.services.get('inventory.cloudstack');
    return { origin, inventory, kill: () => store.kill(), stop: () => scope[Symbol.asyncDispose]() };
  }

  /** `kill -9`, and a new gateway once nobody answers for the leases of the old one any more. */
  async killAndRestart(): Promise<void> {
    this.#gateway?.kill();
    this.clock.advance(31_000);
    this.#gateway = await this.addGateway();
  }

  async stopAndRestart(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = await this.addGateway();
  }

  /** What the gateway tells other bridges. */
  get inventory(): InventorySource {
    if (this.#gateway === undefined) throw new Error('there is no gateway');
    return this.#gateway.inventory;
  }

  /** One call below `/ovirt-engine/api`, as JSON. */
  async api(method: string, path: string, body?: unknown, how: { user?: string; headers?: Json; origin?: string } = {}): Promise<RigReply> {
    const user = how.user ?? 'admin@internal';
    const { password } = this.fake.user(user.slice(0, user.lastIndexOf('@')));
    const isText = typeof body === 'string';
    const response = await fetch(`${how.origin ?? this.#gateway?.origin}/ovirt-engine/api${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': isText ? 'application/xml' : 'application/json' }),
        ...(how.headers as Record<string, string>),
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
  }

  get = (path: string, how?: { user?: string }) => this.api('GET', path, undefined, how);
  post = (path: string, body: unknown = {}, how?: { user?: string; headers?: Json }) => this.api('POST', path, body, how);
  put = (path: string, body: unknown) => this.api('PUT', path, body);
  delete = (path: string, how?: { user?: string }) => this.api('DELETE', path, undefined, how);

  /** Polls a resource until it has that phase or status. */
  async settled(path: string, wanted: string, field: 'phase' | 'status' = 'phase'): Promise<RigReply> {
    return await until(
      async () => {
        const reply = await this.get(path);
        return reply.json[field] === wanted ? reply : undefined;
      },
      { what: `${path} is ${wanted}` },
    );
  }

  /** Everything that the rows of one table say. */
  async rows(table: string): Promise<readonly Json[]> {
    return await this.store.tables<Record<string, Json>>().selectFrom(table).selectAll().execute();
  }

  /** A cluster, a pool and a network of the fake. */
  get ids(): { cluster: string; pool: string; network: string; host: string } {
    const { clusters, pools, networks, hosts } = this.fake.cloud;
    return { cluster: clusters[0]?.id ?? '', pool: pools[0]?.id ?? '', network: networks[0]?.id ?? '', host: hosts[0]?.id ?? '' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }

  #context(store: Store): BridgeContext {
    const { clock } = this;
    const { log } = this.log;
    const services = new ServiceRegistry();
    const images = this.#options.images ?? this.images;
    if (images !== false) {
      services.provide('image.backups', images.backups);
      services.provide('image.transfers', images.transfers);
    }
    const secrets = new Secrets('a secret of the tests that is long enough');
    const { stateDir, authority } = this.#certs;
    return {
      store,
      clock,
      log,
      secrets,
      services,
      sessions: new Sessions({ store, secrets, clock }),
      audit: new Audit({ store, log }),
      limits: new Limits({ store, clock }),
      metrics: new Metrics(),
      authority,
      server: { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/ovirt-engine', stateDir, runDir: stateDir },
    };
  }

  #settings(): OvirtSettings {
    const { apiKey, secretKey } = this.fake.admin;
    return {
      ovirt: {
        enabled: true,
        backend: 'auto',
        token_idle: 3_600_000,
        token_max: 86_400_000,
        inventory_refresh: 60_000,
        zones: [],
        pools: [],
        networks: [],
      },
      ovirt_profile: {},
      cloudstack: { endpoint: this.fake.url, name: 'main', api_key: apiKey, secret_key: secretKey, ca_file: undefined, verify: true },
    };
  }
}
