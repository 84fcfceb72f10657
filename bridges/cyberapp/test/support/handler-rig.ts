import { join } from 'node:path';
import { endpointCti, formatCredentials } from '@fairlead/acronis/codec';
import { FakeAcronis } from '@fairlead/acronis/fake';
import { Audit } from '@fairlead/kernel/audit';
import { ManualClock } from '@fairlead/kernel/clock';
import { loadConfig } from '@fairlead/kernel/config';
import { newUuid } from '@fairlead/kernel/ids';
import { AsyncScope, type BridgeContext, type RunningBridge, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import type { Log } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import { hashPassword, Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import { bridge } from '../../src/bridge.ts';
import type { CyberappTables } from '../../src/store/tables.ts';
import { plantTree, type Tree } from './tree.ts';

export const APP = 'acme.fairlead';
export const PASSWORD = 'correct "horse": \\ battery';
const CHEAP = { memory: 8192, passes: 1, parallelism: 1 };
const USUAL: readonly (readonly [string, number])[] = [
  ['argon2_memory_kib', CHEAP.memory],
  ['argon2_time', CHEAP.passes],
  ['argon2_parallelism', CHEAP.parallelism],
];
const DC = 'https://eu8.acronis.cloud';

export interface RigOptions {
  /** Lines of `[cyberapp]` beside those that every test wants. */
  readonly keys?: string;
  readonly listen?: string;
  /** Of the address of keys. */
  readonly keysQuery?: string;
  /** `/callback` is one of the faces of the shared listener. */
  readonly shared?: boolean;
  readonly storeUrl?: string;
  readonly clock?: ManualClock;
  /** Another gateway of the same cluster: its store (by its own connections where `storeUrl` says so), its tree and its clock. */
  readonly beside?: HandlerRig;
  /** Stands between the bridge and its store. */
  readonly around?: (store: Store) => Store;
}

/** One request; what is absent is as Acronis sends it. */
export interface Wish {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly identity?: string;
  readonly password?: string;
  readonly token?: string | undefined;
  readonly body?: string | Uint8Array;
  readonly tenantId?: string;
  readonly datacenterUrl?: string;
  readonly requestId?: string;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HandlerRig extends AsyncDisposable {
  readonly fake: FakeAcronis;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly tree: Tree;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly captured: ReturnType<typeof captureLog>;
  readonly audit: Audit;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly running: RunningBridge<FastifyInstance>;
  /** Of its listener; empty when it shares one. */
  readonly url: string;
  readonly agent: Agent;
  /** PEM: what its callers trust. */
  readonly ca: string;
  readonly endpoint: string;
  readonly stateDir: string;
  send(method: string, path: string, headers: Readonly<Record<string, string | undefined>>, body?: string | Uint8Array): Promise<Answered>;
  /** One callback by its short name, with a token and good credentials unless the wish says otherwise. */
  call(callback: string, payload: unknown, wish?: Wish): Promise<Answered>;
}

/** The whole bridge on a listener of its own, with the tree of spec 9, and the keys of a fake Acronis. */
export async function startHandler(options: RigOptions = {}): Promise<HandlerRig> {
  const { keys = '', keysQuery = '', shared = false, beside, storeUrl, around = (same) => same } = options;
  const { clock = beside?.clock ?? new ManualClock() } = options;
  const { listen = shared ? '127.0.0.1:8443' : '127.0.0.1:0' } = options;
  await using scope = new AsyncScope();
  const stateDir = scope.use(await tempDir('cyberapp-')).path;
  const { authority } = scope.use(await testAuthority());
  const fake = scope.use(await FakeAcronis.start({ datacenters: ['eu8'], apps: [], tenants: [] }));
  fake.clock.advance(clock.now() - fake.clock.now());
  const captured = captureLog();
  const { log } = captured;
  const open = async () => scope.use(await openStore({ stateDir, log, clock, url: storeUrl ?? ':memory:' }));
  const store = around(storeUrl === undefined && beside !== undefined ? beside.store : await open());
  const tree = beside?.tree ?? (await planted(store));
  const secrets = new Secrets('a server secret of the tests, long enough');
  const metrics = new Metrics({ log });
  const audit = new Audit({ store, log, metrics });
  const limits = new Limits({ store, clock });
  const server = {
    publicAddress: '127.0.0.1',
    host: '127.0.0.1',
    port: shared ? 8443 : 0,
    path: '/',
    stateDir,
    runDir: join(stateDir, 'run'),
  };
  const context: BridgeContext = {
    ...{ store, clock, log, secrets, audit, metrics, authority, server, limits },
    sessions: new Sessions({ store, secrets, clock }),
    services: new ServiceRegistry(),
  };
  const usual = USUAL.filter(([key]) => !keys.includes(key))
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n');
  const text = `[cyberapp]\napp_code = ${APP}\nlisten_address = ${listen}\njwt_issuers = ${fake.issuer}=${fake.keysUrl}${keysQuery}\n${usual}\n${keys}\n[connector]\nenabled = false\nallow_private = true\n`;
  const config = loadConfig({ text, env: {}, sections: [...bridge.config] }).values(...bridge.config);
  const running = scope.use(await bridge.start(context, config));
  const url = running.addresses?.cyberapp ?? '';
  const agent = new Agent({ connect: { ca: authority.caPem } });
  scope.defer(() => agent.destroy());
  const send = (method: string, path: string, headers: Readonly<Record<string, string | undefined>>, body?: string | Uint8Array) =>
    exchange(`${url}${path}`, agent, { method, headers, body });
  const held = scope.move();
  const endpoint = endpointCti(APP);
  const call = async (callback: string, payload: unknown, wish: Wish = {}): Promise<Answered> => {
    const { identity = 'p1', password = PASSWORD, headers = {} } = wish;
    const token = 'token' in wish ? wish.token : await fake.signer.token(endpoint);
    const all = {
      'content-type': 'application/json',
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      'x-cyberapp-auth': formatCredentials(identity, { password }),
      ...headers,
    };
    return send('POST', '/callback', all, wish.body ?? JSON.stringify(bodyOf(callback, payload, wish)));
  };
  return {
    ca: authority.caPem,
    ...{ fake, log, secrets, tree, store, clock, captured, audit, limits, metrics, running, url, agent, send, call, endpoint, stateDir },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

async function planted(store: Store): Promise<Tree> {
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const tree = await plantTree(store);
  const hash = await hashPassword(PASSWORD, CHEAP);
  await store
    .tables<CyberappTables>()
    .updateTable('cyberapp_users')
    .set({ password_hash: hash })
    .where('password_hash', 'is not', null)
    .execute();
  return tree;
}

/** The request type that belongs to a callback: `enablement.read` is asked with the empty one. */
export function bodyOf(callback: string, payload: unknown, wish: Wish = {}): Record<string, unknown> {
  const isOwn = !callback.includes('.');
  const name = isOwn ? `${APP}.${callback}` : `a.p.${callback}`;
  const type = EMPTY.has(callback) ? 'a.p.empty' : name;
  return {
    type: `cti.a.p.acgw.request.v1.0~${type}.v1.0`,
    request_id: wish.requestId ?? newUuid(),
    created_at: '2026-03-02T08:15:30.120Z',
    context: {
      callback_id: `cti.a.p.acgw.callback.v1.0~${name}.v1.0`,
      endpoint_id: endpointCti(APP),
      tenant_id: wish.tenantId ?? TENANT,
      datacenter_url: wish.datacenterUrl ?? DC,
      ...wish.context,
    },
    ...(payload === undefined ? {} : { payload }),
    ...wish.members,
  };
}

export const TENANT = '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10';
const EMPTY = new Set(['enablement.read', 'enablement.reset', 'tenant_mapping.read']);

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array | undefined;
}

async function exchange(url: string, agent: Agent, { method, headers, body }: Sent): Promise<Answered> {
  const known = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const answer = await request(url, { dispatcher: agent, method: method as 'POST', headers: known, body: body ?? null });
  const text = await answer.body.text();
  return { status: answer.statusCode, text, json: parsed(text), headers: answer.headers };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
