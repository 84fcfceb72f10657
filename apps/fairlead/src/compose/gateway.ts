import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type App, type FacePlugin, openMainListener } from '@fairlead/http';
import { Audit } from '@fairlead/kernel/audit';
import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { AuditSection, type LoadedConfig, SecuritySection, ServerSection, SslSection, StoreSection } from '@fairlead/kernel/config';
import {
  AsyncScope,
  type BridgeContext,
  type Health,
  type RunningBridge,
  type ServerFacts,
  ServiceRegistry,
} from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import type { Log } from '@fairlead/kernel/log';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { CertificateWatch, loadAuthority } from '@fairlead/kernel/tls';
import { bridges } from '../bridges.ts';
import { addressFilter, primaryAddress } from './addresses.ts';
import { sweepDaily } from './sweep.ts';

export interface GatewayOptions {
  readonly config: LoadedConfig;
  readonly log: Log;
  readonly clock?: Clock;
  /** Signals at which the certificate files are looked at at once, besides every minute. */
  readonly reloadOn?: readonly NodeJS.Signals[];
}

export interface Gateway extends AsyncDisposable {
  /** URL of each face that listens. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The authority that callers have to trust, as PEM. */
  readonly caPem: string;
}

type Running = RunningBridge<App>;

/** The composition root: opens store, certificates and listeners and starts the bridges that the configuration switches on. Closes in reverse order. */
export async function startGateway({ config, log, clock = systemClock, reloadOn = [] }: GatewayOptions): Promise<Gateway> {
  await using scope = new AsyncScope();
  const context = await openContext(config, { log, clock, scope });
  const running = new Map<string, Running>();
  for (const bridge of bridges) {
    if (!config.on(bridge.config)) continue;
    running.set(bridge.id, scope.use(await startBridge(bridge, { ...context, log: log.child({ bridge: bridge.id }) }, config)));
  }
  const { server: settings } = config.values(ServerSection);
  const listener = scope.use(
    await openMainListener({
      host: settings.host,
      port: settings.port,
      certificate: context.authority.server(),
      isTrustedProxy: addressFilter(settings.trusted_proxies),
      faces: [...running.values()].flatMap((one): readonly FacePlugin[] => one.plugins),
      log,
      health: (signal) => healthOf(running, signal),
      mayOperate: addressFilter(settings.ops_allow_from),
    }),
  );
  scope.defer(context.authority.onChange(() => listener.renew(context.authority.server())));
  watchCertificates(context, scope, reloadOn);
  scope.use(sweepDaily(context, config.values(AuditSection).audit.keep));
  const addresses = { main: `https://${urlHost(context.server.publicAddress)}:${listener.port}`, ...mergedAddresses(running) };
  log.info({ addresses, bridges: [...running.keys()] }, 'fairlead is up');
  const held = scope.move();
  return { addresses, caPem: context.authority.caPem, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

async function openContext(
  config: LoadedConfig,
  { log, clock, scope }: { log: Log; clock: Clock; scope: AsyncScope },
): Promise<BridgeContext> {
  const { server, ssl, security, store: storeSettings } = config.values(ServerSection, SslSection, SecuritySection, StoreSection);
  for (const folder of [server.state_dir, server.run_dir]) await mkdir(folder, { recursive: true, mode: 0o750 });
  const secrets = new Secrets(security.hmac_secret, security.former_hmac_secret === undefined ? [] : [security.former_hmac_secret]);
  const store = scope.use(await openStore({ url: storeSettings.url, stateDir: server.state_dir, log, clock }));
  const applied = await migrate(store, [...kernelMigrations, ...bridges.flatMap((bridge) => bridge.migrations)]);
  if (applied.length > 0) log.info({ applied }, 'schema brought up to date');
  const authority = await loadAuthority({ ssl, stateDir: server.state_dir, names: server.public_ip, clock, log });
  return {
    store,
    clock,
    log,
    secrets,
    authority,
    sessions: new Sessions({ store, secrets, clock }),
    audit: new Audit({ store, log }),
    limits: new Limits({ store, clock }),
    services: new ServiceRegistry(),
    server: serverFacts(server),
  };
}

/** Certificates are taken without a restart, by every listener that asked the authority to be told. */
function watchCertificates({ authority, clock, log }: BridgeContext, scope: AsyncScope, signals: readonly NodeJS.Signals[]): void {
  const watch = scope.use(new CertificateWatch({ authority, clock, log }));
  const look = () => void watch.look();
  for (const name of signals) {
    process.on(name, look);
    scope.defer(() => void process.removeListener(name, look));
  }
}

function serverFacts(server: {
  host: string;
  port: number;
  path: string;
  public_ip: readonly string[];
  state_dir: string;
  run_dir: string;
}): ServerFacts {
  return {
    publicAddress: server.public_ip[0] ?? primaryAddress() ?? hostname(),
    host: server.host,
    port: server.port,
    path: server.path,
    stateDir: server.state_dir,
    runDir: server.run_dir,
  };
}

function startBridge(bridge: (typeof bridges)[number], context: BridgeContext, config: LoadedConfig): Promise<Running> {
  const values = config.values(...bridge.config);
  // Each bridge is given the values of the very sections that it declared; the union of bridges hides that from the compiler.
  return (bridge.start as (context: BridgeContext, values: unknown) => Promise<Running>)(context, values);
}

async function healthOf(running: ReadonlyMap<string, Running>, signal: AbortSignal): Promise<Record<string, Health>> {
  const entries = await Promise.all([...running].map(async ([id, one]) => [id, await one.health(signal).catch(unwell)] as const));
  return Object.fromEntries(entries);
}

function unwell(error: unknown): Health {
  return { ok: false, facts: { failed: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' } };
}

function mergedAddresses(running: ReadonlyMap<string, Running>): Record<string, string> {
  return Object.assign({}, ...[...running.values()].map((one) => one.addresses ?? {})) as Record<string, string>;
}

function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
