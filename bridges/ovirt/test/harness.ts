import { FakeCloudStack, type FakeCloudStackOptions } from '@fairlead/cloudstack/fake';
import { Audit } from '@fairlead/kernel/audit';
import { AsyncScope, type BridgeContext, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { type CapturedLog, captureLog } from '@fairlead/testkit/capture';
import { testAuthority } from '@fairlead/testkit/certs';
import { TurnableClock } from '@fairlead/testkit/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import fastify, { type FastifyInstance } from 'fastify';
import type { OvirtSettings } from '../src/config.ts';
import { bridge } from '../src/index.ts';
import { KIND_NAMES } from '../src/service/inventory-kinds.ts';
import { OvirtStore } from '../src/store/ovirt-store.ts';

export interface HarnessOptions {
  readonly cloud?: Partial<FakeCloudStackOptions>;
  /** Settings that differ from the defaults. */
  readonly ovirt?: Partial<OvirtSettings['ovirt']>;
  readonly profiles?: OvirtSettings['ovirt_profile'];
  /** `false`: no service key. */
  readonly serviceKey?: boolean;
  /** Offers the services of the image bridge, or stands in for them. */
  readonly services?: (registry: ServiceRegistry) => void;
  /** Another store than one in memory: `sqlite:/path`. */
  readonly storeUrl?: string;
  /** Before the bridge starts: rows of the fake. */
  readonly prepare?: (fake: FakeCloudStack) => Promise<unknown> | unknown;
}

export interface Request {
  readonly method?: string;
  /** `user@profile`, with the fake's password; default `admin@internal`. `null`: no credentials. */
  readonly user?: string | null;
  readonly accept?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body read as JSON; fails the test when it is none. */
  readonly json: Record<string, unknown>;
}

/** A fake CloudStack with the bridge before it, over real HTTP. */
export interface Harness extends AsyncDisposable {
  readonly fake: FakeCloudStack;
  readonly clock: TurnableClock;
  readonly log: CapturedLog;
  readonly context: BridgeContext;
  /** `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** Calls below `/ovirt-engine/api`, as JSON unless `accept` says otherwise. */
  api(path: string, request?: Request): Promise<Reply>;
  /** Calls any path. */
  call(path: string, request?: Request): Promise<Reply>;
  /** Fulfilled when the background has listed everything once. */
  listed(): Promise<void>;
  /** An SSO token. */
  token(user?: string): Promise<string>;
}

/** Starts everything; `await using` ends it in order. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const scope = new AsyncScope();
  try {
    return await open(options, scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(options: HarnessOptions, scope: AsyncScope): Promise<Harness> {
  const pool = scope.use(await tempDir('fairlead-pool-'));
  const fake = scope.use(await FakeCloudStack.start({ poolPath: pool.path, ...options.cloud }));
  await options.prepare?.(fake);
  const log = captureLog();
  const clock = new TurnableClock();
  const context = await makeContext(options, scope, { log, clock });
  const running = scope.use(await bridge.start(context, settingsFor(fake, options)));
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 512 } });
  for (const plugin of running.plugins) await app.register((inner) => plugin.register(inner as unknown as FastifyInstance));
  await app.listen({ host: '127.0.0.1', port: 0 });
  scope.defer(() => app.close());
  const address = app.server.address();
  const origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  const call = (path: string, request: Request = {}) => send(`${origin}${path}`, request, fake);
  return {
    fake,
    clock,
    log,
    context,
    origin,
    call,
    api: (path, request) => call(`/ovirt-engine/api${path}`, request),
    listed: async () => {
      await until(() => isListed(context), { timeoutMs: 10_000 });
    },
    token: async (user = 'admin@internal') => String((await logIn(call, user, fake)).json.access_token),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

async function makeContext(
  options: HarnessOptions,
  scope: AsyncScope,
  made: { log: CapturedLog; clock: TurnableClock },
): Promise<BridgeContext> {
  const { clock } = made;
  const { log } = made.log;
  const certs = scope.use(await testAuthority());
  const store = scope.use(await openStore({ url: options.storeUrl ?? 'sqlite::memory:', stateDir: certs.stateDir, log, clock }));
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const secrets = new Secrets('a secret of the tests that is long enough');
  const services = new ServiceRegistry();
  options.services?.(services);
  const { stateDir } = certs;
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
    authority: certs.authority,
    server: { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/ovirt-engine', stateDir, runDir: stateDir },
  };
}

function settingsFor(fake: FakeCloudStack, options: HarnessOptions): OvirtSettings {
  const { apiKey, secretKey } = fake.admin;
  const keys = options.serviceKey === false ? { api_key: undefined, secret_key: undefined } : { api_key: apiKey, secret_key: secretKey };
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
      ...options.ovirt,
    },
    ovirt_profile: options.profiles ?? {},
    cloudstack: { endpoint: fake.url, name: 'main', ...keys, ca_file: undefined, verify: true },
  };
}

/** Every kind has been listed with the service key. */
async function isListed(context: BridgeContext): Promise<boolean> {
  const rows = await new OvirtStore(context.store).tables
    .selectFrom('ovirt_inventory_state')
    .selectAll()
    .where('scope', '=', 'service')
    .execute();
  return KIND_NAMES.every((kind) => rows.some((row) => row.kind === kind && row.listed_ms > 0 && row.claimed_by === ''));
}

async function send(url: string, request: Request, fake: FakeCloudStack): Promise<Reply> {
  const user = request.user === undefined ? 'admin@internal' : request.user;
  const accept = request.accept === undefined ? 'application/json' : request.accept;
  const headers = {
    ...(user !== null && { authorization: basic(user, passwordOf(user, fake)) }),
    ...(accept !== null && { accept }),
    ...request.headers,
  };
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    headers,
    redirect: 'manual',
    ...(request.body !== undefined && { body: request.body as string }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}

function logIn(call: Harness['call'], user: string, fake: FakeCloudStack): Promise<Reply> {
  const form = new URLSearchParams({ grant_type: 'password', username: user, password: passwordOf(user, fake), scope: 'ovirt-app-api' });
  return call('/ovirt-engine/sso/oauth/token', {
    method: 'POST',
    user: null,
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

/** `Authorization: Basic …`. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function passwordOf(user: string, fake: FakeCloudStack): string {
  return fake.user(user.slice(0, user.lastIndexOf('@'))).password;
}
