import { join } from 'node:path';
import { Audit } from '@fairlead/kernel/audit';
import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { loadConfig } from '@fairlead/kernel/config';
import { AsyncScope, type BridgeContext, type RunningBridge, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import { Metrics } from '@fairlead/kernel/metrics';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { captureLog } from '@fairlead/testkit/capture';
import { type TestAuthority, testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import { bridge } from '../../src/bridge.ts';

export const REMOTE = '203.0.113.7';

export interface GatewayOptions {
  /** Lines of `[cce]` beside those that every test wants. */
  readonly keys?: string;
  readonly clock?: Clock;
  /** State of an earlier one. */
  readonly stateDir?: string;
  readonly authority?: TestAuthority;
  /** A store that others use too; SQLite in its state without. */
  readonly storeUrl?: string;
}

export interface Sent {
  /** The address of the caller, as the trusted proxy on this machine tells it; absent: this machine. */
  readonly from?: string;
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly http: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The whole bridge over the embedded engine with the demo's objects, over HTTPS. */
export async function startGateway(options: GatewayOptions = {}) {
  await using scope = new AsyncScope();
  const { clock = systemClock } = options;
  const stateDir = options.stateDir ?? scope.use(await tempDir('cce-')).path;
  const { authority } = options.authority ?? scope.use(await testAuthority());
  const captured = captureLog();
  const { log } = captured;
  const store = scope.use(await openStore({ stateDir, log, clock, ...(options.storeUrl !== undefined && { url: options.storeUrl }) }));
  await migrate(store, [...kernelMigrations, ...bridge.migrations]);
  const secrets = new Secrets('a server secret of the tests, long enough');
  const metrics = new Metrics({ log });
  const server = { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/', stateDir, runDir: join(stateDir, 'run') };
  const audit = new Audit({ store, log, metrics });
  const services = new ServiceRegistry();
  const context: BridgeContext = {
    ...{ store, clock, log, secrets, audit, metrics, authority, server },
    sessions: new Sessions({ store, secrets, clock }),
    limits: new Limits({ store, clock }),
    services,
  };
  const running: RunningBridge<FastifyInstance> = scope.use(await bridge.start(context, configOf(options.keys ?? '')));
  const url = running.addresses?.cce ?? '';
  const agent = new Agent({ connect: { ca: authority.caPem } });
  scope.defer(() => agent.destroy());
  const held = scope.move();
  return {
    ...{ url, captured, audit, metrics, running, stateDir, store, agent, services },
    post: (body: unknown, sent: Sent = {}) => post(`${url}/v2/cce`, agent, { body, sent }),
    get: (path: string, sent: Sent = {}) => post(`${url}${path}`, agent, { sent }),
    reload: (keys: string) => running.reload?.(configOf(keys)),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;

function configOf(keys: string) {
  const usual = [
    'backend = embedded',
    'fixtures = demo',
    'listen_address = 127.0.0.1:0',
    'trusted_proxies = 127.0.0.1',
    'auth_fail_delay = false',
    `api_access = ${REMOTE}/32`,
  ].filter((line) => !keys.includes(line.split(' = ')[0] ?? ''));
  const config = loadConfig({ file: '/etc/f.ini', text: `[cce]\n${[...usual, keys].join('\n')}\n`, env: {}, sections: bridge.config });
  return config.values(...bridge.config);
}

async function post(url: string, agent: Agent, { body, sent }: { readonly body?: unknown; readonly sent: Sent }): Promise<Answered> {
  const headers = {
    ...(sent.from !== undefined && { 'x-real-ip': sent.from }),
    ...(sent.secret !== undefined && { 'x-client-secret': sent.secret }),
    ...sent.headers,
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await request(url, {
    dispatcher: agent,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body: text }),
  });
  const answer = await reply.body.text();
  return { http: reply.statusCode, text: answer, json: jsonOf(answer), headers: reply.headers };
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
