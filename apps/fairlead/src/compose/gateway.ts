import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type App, type FacePlugin, type MainListener, openMainListener } from '@fairlead/http';
import { Networks } from '@fairlead/kernel/access';
import { Audit } from '@fairlead/kernel/audit';
import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { AuditSection, type LoadedConfig, ServerSection, SslSection } from '@fairlead/kernel/config';
import { Jobs } from '@fairlead/kernel/jobs';
import { AsyncScope, type BridgeContext, type RunningBridge, type ServerFacts, ServiceRegistry } from '@fairlead/kernel/lifecycle';
import { Limits } from '@fairlead/kernel/limits';
import type { Log, Scrubber } from '@fairlead/kernel/log';
import { KeyUse } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { migrate } from '@fairlead/kernel/store';
import { CertificateWatch, loadAuthority } from '@fairlead/kernel/tls';
import { bridges } from '../bridges.ts';
import { primaryAddress } from './addresses.ts';
import { healthOf } from './health.ts';
import { makeMetrics, watchKernel, watchQueries } from './instruments.ts';
import { maintenanceJobs, RESEAL_JOB } from './maintenance.ts';
import { allMigrations, gatewayName, openConfiguredStore, serverSecrets } from './state.ts';

export interface GatewayOptions {
  readonly config: LoadedConfig;
  readonly log: Log;
  /** Of the log, for secrets that bridges find in files of their own. */
  readonly scrubber?: Scrubber;
  readonly clock?: Clock;
  /** Signals at which the certificate files are looked at at once, besides every minute, and bridges take up what may change without a restart. */
  readonly reloadOn?: readonly NodeJS.Signals[];
  /** Reads the configuration anew, for bridges; without it they are told the former one. */
  readonly reread?: () => LoadedConfig;
}

export interface Gateway extends AsyncDisposable {
  /** URL of each face that listens. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The authority that callers have to trust, as PEM. */
  readonly caPem: string;
}

type Running = RunningBridge<App>;

/** The composition root: opens store, certificates and listeners and starts the bridges that the configuration switches on. Closes in reverse order. */
export async function startGateway({
  config,
  log,
  scrubber,
  clock = systemClock,
  reloadOn = [],
  reread = () => config,
}: GatewayOptions): Promise<Gateway> {
  await using scope = new AsyncScope();
  const context = { ...(await openContext(config, { log, clock, scope })), ...(scrubber !== undefined && { scrubber }) };
  const running = new Map<string, Running>();
  for (const bridge of bridges) {
    if (!config.on(bridge.config)) continue;
    running.set(bridge.id, scope.use(await startBridge(bridge, { ...context, log: log.child({ bridge: bridge.id }) }, config)));
  }
  const listener = scope.use(await listenFor(context, config, running));
  scope.defer(context.authority.onChange(() => listener.renew(context.authority.server())));
  watchCertificates(context, scope, reloadOn);
  onSignals(reloadOn, scope, () => void reloadBridges(running, { reread, log }));
  const { keep: auditKeepMs } = config.values(AuditSection).audit;
  const work = [...maintenanceJobs(context, { auditKeepMs }), ...[...running.values()].flatMap((one) => one.jobs ?? [])];
  const jobs = scope.use(new Jobs(work, context));
  // The server secret may have changed since the last start.
  await jobs.hurry(RESEAL_JOB);
  const addresses = { main: `https://${urlHost(context.server.publicAddress)}:${listener.port}`, ...mergedAddresses(running) };
  log.info({ addresses, bridges: [...running.keys()] }, 'fairlead is up');
  const held = scope.move();
  return { addresses, caPem: context.authority.caPem, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

function listenFor(context: BridgeContext, config: LoadedConfig, running: ReadonlyMap<string, Running>): Promise<MainListener> {
  const { server: settings } = config.values(ServerSection);
  return openMainListener({
    host: settings.host,
    port: settings.port,
    certificate: context.authority.server(),
    trustedProxies: new Networks(settings.trusted_proxies),
    faces: [...running.values()].flatMap((one): readonly FacePlugin[] => one.plugins),
    log: context.log,
    metrics: context.metrics,
    health: healthOf({ context, bridges: running }),
    operators: new Networks(settings.ops_allow_from),
  });
}

async function openContext(
  config: LoadedConfig,
  { log, clock, scope }: { log: Log; clock: Clock; scope: AsyncScope },
): Promise<BridgeContext> {
  const { server, ssl } = config.values(ServerSection, SslSection);
  for (const folder of [server.state_dir, server.run_dir]) await mkdir(folder, { recursive: true, mode: 0o750 });
  const metrics = makeMetrics(log);
  const secrets = serverSecrets(config);
  const store = scope.use(await openConfiguredStore(config, { log, clock, onQuery: watchQueries(metrics) }));
  const applied = await migrate(store, allMigrations);
  if (applied.length > 0) log.info({ applied }, 'schema brought up to date');
  scope.use(await KeyUse.join(gatewayName(server), { store, secrets, clock, log }));
  const authority = await loadAuthority({ ssl, stateDir: server.state_dir, names: server.public_ip, clock, log });
  const context: BridgeContext = {
    store,
    clock,
    log,
    secrets,
    authority,
    metrics,
    sessions: new Sessions({ store, secrets, clock }),
    audit: new Audit({ store, log, metrics }),
    limits: new Limits({ store, clock }),
    services: new ServiceRegistry(),
    server: serverFacts(server),
  };
  watchKernel(context);
  return context;
}

/** Certificates are taken without a restart, by every listener that asked the authority to be told. */
function watchCertificates({ authority, clock, log }: BridgeContext, scope: AsyncScope, signals: readonly NodeJS.Signals[]): void {
  const watch = scope.use(new CertificateWatch({ authority, clock, log }));
  onSignals(signals, scope, () => void watch.look());
}

function onSignals(signals: readonly NodeJS.Signals[], scope: AsyncScope, act: () => void): void {
  for (const name of signals) {
    process.on(name, act);
    scope.defer(() => void process.removeListener(name, act));
  }
}

/** One that cannot take it up keeps what it had, and keeps no other from it; a configuration with mistakes is taken up by none. Never rejects. */
async function reloadBridges(
  running: ReadonlyMap<string, Running>,
  { reread, log }: { readonly reread: () => LoadedConfig; readonly log: Log },
): Promise<void> {
  try {
    const config = reread();
    for (const bridge of bridges) {
      const reload = running.get(bridge.id)?.reload;
      if (!config.on(bridge.config) || reload === undefined) continue;
      await reload(config.values(...bridge.config)).catch((error: unknown) => {
        log.error({ err: error, bridge: bridge.id }, 'what has changed cannot be used; the former stays');
      });
    }
  } catch (error) {
    log.error({ err: error }, 'the configuration cannot be read anew; the former stays');
  }
}

function serverFacts(server: {
  host: string;
  port: number;
  path: string;
  public_ip: readonly string[];
  state_dir: string;
  run_dir: string;
  trusted_proxies: readonly string[];
}): ServerFacts {
  return {
    publicAddress: server.public_ip[0] ?? primaryAddress() ?? hostname(),
    host: server.host,
    port: server.port,
    path: server.path,
    stateDir: server.state_dir,
    runDir: server.run_dir,
    trustedProxies: server.trusted_proxies,
  };
}

function startBridge(bridge: (typeof bridges)[number], context: BridgeContext, config: LoadedConfig): Promise<Running> {
  const values = config.values(...bridge.config);
  // Each bridge is given the values of the very sections that it declared; the union of bridges hides that from the compiler.
  return (bridge.start as (context: BridgeContext, values: unknown) => Promise<Running>)(context, values);
}

function mergedAddresses(running: ReadonlyMap<string, Running>): Record<string, string> {
  return Object.assign({}, ...[...running.values()].map((one) => one.addresses ?? {})) as Record<string, string>;
}

function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
