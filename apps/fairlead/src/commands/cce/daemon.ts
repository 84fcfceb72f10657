import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CceSettings, openCscpServer, openEmbedded, openEvents } from '@fairlead/bridge-cce';
import { systemClock } from '@fairlead/kernel/clock';
import { type LoadedConfig, LoggingSection, ServerSection } from '@fairlead/kernel/config';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import { createLog, type Log, Scrubber } from '@fairlead/kernel/log';
import { Sessions } from '@fairlead/kernel/sessions';
import { migrate } from '@fairlead/kernel/store';
import { loadConfiguration } from '../../compose/configuration.ts';
import { allMigrations, openConfiguredStore, serverSecrets } from '../../compose/state.ts';
import { cceSettingsOf } from './settings.ts';
import { CCED_SOCKET } from './socket-link.ts';
import { standAloneConfig } from './stand-alone.ts';

export interface CcedOptions {
  readonly config?: string;
  readonly data?: string;
  readonly socket?: string;
  readonly adminSocket?: string;
  readonly demo?: boolean;
  readonly schemaDir?: string;
  readonly confDir?: string;
  readonly handlerDir?: string;
  readonly sessionTimeout?: string;
  readonly extensions?: boolean;
  readonly handlers: boolean;
  readonly failTransactions?: boolean;
  readonly readOnly?: boolean;
}

/** Runs the engine until SIGTERM or SIGINT; SIGHUP reads schemas and bindings anew. Throws `FAIRLEAD_CONFIG`, `FAIRLEAD_STORE`, `CCE_SOCKET_PATH`. */
export async function runCced(options: CcedOptions): Promise<void> {
  await using scope = new AsyncScope();
  const config = await configurationOf(await withPlace(options, scope));
  const { logging } = config.values(LoggingSection);
  const scrubber = new Scrubber();
  scrubber.add(...config.secrets);
  const log = createLog({ level: logging.level, file: logging.file, scrubber });
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const stopped = stopSignal(['SIGTERM', 'SIGINT']);
  await using _engine = await openCced(config, options, log);
  log.info({ signal: await stopped }, 'stopping');
}

/** A demo for which no place was named is gone with the process; it never touches what a configuration of this machine names. */
async function withPlace(options: CcedOptions, scope: AsyncScope): Promise<CcedOptions> {
  const isPlaced = options.data !== undefined || options.config !== undefined || process.env.FAIRLEAD_CONFIG !== undefined;
  if (options.demo !== true || isPlaced) return options;
  const data = await mkdtemp(join(tmpdir(), 'fairlead-cced-'));
  scope.defer(() => rm(data, { recursive: true, force: true }));
  return { ...options, data };
}

/** Flags of the command line go into `[cce]` as its keys do. */
async function configurationOf(options: CcedOptions): Promise<LoadedConfig> {
  const flags: Record<string, string | undefined> = {
    FAIRLEAD_CCE_SCHEMA_DIR: options.schemaDir,
    FAIRLEAD_CCE_CONF_DIR: options.confDir,
    FAIRLEAD_CCE_HANDLER_DIR: options.handlerDir,
    FAIRLEAD_CCE_SESSION_TIMEOUT: options.sessionTimeout,
    FAIRLEAD_CCE_EXTENSIONS: options.extensions === true ? 'true' : undefined,
    FAIRLEAD_CCE_FIXTURES: options.demo === true ? 'demo' : undefined,
  };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const env = { ...process.env, ...given };
  if (options.data === undefined) return loadConfiguration({ file: options.config, env });
  return loadConfiguration({ text: await standAloneConfig(options.data), env });
}

async function openCced(config: LoadedConfig, options: CcedOptions, log: Log): Promise<AsyncDisposable> {
  const { server } = config.values(ServerSection);
  const clock = systemClock;
  await using scope = new AsyncScope();
  for (const folder of [server.state_dir, server.run_dir]) await mkdir(folder, { recursive: true, mode: 0o750 });
  const store = scope.use(await openConfiguredStore(config, { log, clock }));
  await migrate(store, allMigrations);
  const sessions = new Sessions({ store, secrets: serverSecrets(config), clock });
  const places = { publicAddress: '', host: '', port: 0, path: '', stateDir: server.state_dir, runDir: server.run_dir };
  const settings = withSockets(cceSettingsOf(config), options);
  const { failTransactions, readOnly } = options;
  const modes = { noHandlers: !options.handlers, failTransactions, readOnly };
  const embedded = scope.use(await openEmbedded(settings, { store, clock, log, sessions, server: places }, modes));
  const reload = () => {
    embedded.reload().catch((error: unknown) => log.error({ error }, 'schemas and bindings could not be read anew'));
  };
  process.on('SIGHUP', reload);
  scope.defer(() => void process.removeListener('SIGHUP', reload));
  const { serve_socket: serveSocket, admin_socket: adminSocket, max_connections: connectionLimit } = settings;
  const offered = settings.extensions ? { events: scope.use(openEvents({ store, clock, log }, embedded.engine)) } : {};
  scope.use(await openCscpServer({ engine: embedded.engine, serveSocket, adminSocket, connectionLimit, ...offered, log }));
  return scope.move();
}

function withSockets(settings: CceSettings, options: CcedOptions): CceSettings {
  const serveSocket = options.socket ?? settings.serve_socket ?? CCED_SOCKET;
  return { ...settings, serve_socket: serveSocket, admin_socket: options.adminSocket ?? settings.admin_socket };
}
