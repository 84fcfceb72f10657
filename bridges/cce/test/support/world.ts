import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codbMigrations } from '@fairlead/engine-cce';
import { type Clock, systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore, type Store } from '@fairlead/kernel/store';
import { type CapturedLog, captureLog } from '@fairlead/testkit/capture';
import { type TempDir, tempDir } from '@fairlead/testkit/temp';
import type { EmbeddedOptions, EmbeddedSettings, OpenEmbedded } from '../../src/service/backends/index.ts';
import { openEmbedded } from '../../src/service/backends/index.ts';
import type { EventHistory } from '../../src/service/events/event-history.ts';
import { openEvents } from '../../src/service/events/open-events.ts';
import { type CscpServerOptions, openCscpServer } from '../../src/socket/index.ts';
import { queueMigrations } from '../../src/store/queue-migrations.ts';
import { RawCscp } from './raw-cscp.ts';

export const DEMO_PASSWORD = 'blueonyx';

export interface WorldOptions {
  readonly clock?: Clock;
  readonly settings?: Partial<EmbeddedSettings>;
  readonly options?: EmbeddedOptions;
  readonly server?: Partial<CscpServerOptions>;
  /** VERSION, SCHEMA and WATCH are offered. */
  readonly extensions?: boolean;
  /** Files below the folder: `conf/a.conf`, `handlers/a.sh` (made executable), `schemas/a.schema`. */
  readonly files?: Readonly<Record<string, string>>;
  /** An earlier world's folder, to start once more in. */
  readonly folder?: TempDir;
}

/** The embedded engine with the demo's objects, served on two sockets. */
export interface World extends AsyncDisposable {
  readonly folder: TempDir;
  readonly socket: string;
  readonly adminSocket: string;
  readonly embedded: OpenEmbedded;
  readonly events: EventHistory | undefined;
  readonly store: Store;
  readonly captured: CapturedLog;
  /** A connection on which `user` has logged in; without one it is anonymous. */
  login(user?: string, password?: string): Promise<RawCscp>;
  admin(): Promise<RawCscp>;
}

export async function openWorld(world: WorldOptions = {}): Promise<World> {
  const { clock = systemClock, files = {} } = world;
  const folder = world.folder ?? (await tempDir('cc-'));
  const place = (name: string) => join(folder.path, name);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(place(name)), { recursive: true });
    await writeFile(place(name), text, { mode: 0o755 });
  }
  const scope = new AsyncScope();
  if (world.folder === undefined) scope.use(folder);
  const captured = captureLog();
  const { log } = captured;
  const store = scope.use(await openStore({ log, clock, stateDir: folder.path }));
  await migrate(store, [...kernelMigrations, ...codbMigrations, ...queueMigrations]);
  const sessions = new Sessions({ store, secrets: new Secrets('a secret of the test that is long enough'), clock });
  const server = { publicAddress: '', host: '', port: 0, path: '', stateDir: folder.path, runDir: place('run') };
  const sockets = { serveSocket: place('cced.socket'), adminSocket: place('admin/cced.socket') };
  const settings: EmbeddedSettings = {
    schema_dir: undefined,
    conf_dir: undefined,
    handler_dir: undefined,
    fixtures: 'demo',
    session_timeout: 3_600_000,
    session_max: 0,
    handler_timeout: 300_000,
    allow_extern_types: false,
    schema_strict_bool: true,
    password_max: 128,
    legacy_md5: false,
    auth_fail_delay: false,
    serve_socket: sockets.serveSocket,
    state_dir: undefined,
    ...world.settings,
    ...('conf' in folders(files) && { conf_dir: place('conf') }),
    ...('handlers' in folders(files) && { handler_dir: place('handlers') }),
    ...('schemas' in folders(files) && { schema_dir: place('schemas') }),
  };
  const embedded = scope.use(await openEmbedded(settings, { store, clock, log, sessions, server }, world.options));
  const events = world.extensions === true ? scope.use(openEvents({ store, clock, log }, embedded.engine)) : undefined;
  scope.use(await openCscpServer({ engine: embedded.engine, ...sockets, log, events, ...world.server }));
  return {
    folder,
    socket: sockets.serveSocket,
    adminSocket: sockets.adminSocket,
    embedded,
    events,
    store,
    captured,
    login: (user, password = DEMO_PASSWORD) => logIn(sockets.serveSocket, user, password),
    admin: () => RawCscp.open(sockets.adminSocket),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function folders(files: Readonly<Record<string, string>>): Readonly<Record<string, true>> {
  return Object.fromEntries(Object.keys(files).map((name) => [name.split('/', 1)[0] ?? '', true]));
}

async function logIn(path: string, user: string | undefined, password: string): Promise<RawCscp> {
  const peer = await RawCscp.open(path);
  if (user === undefined) return peer;
  const lines = await peer.ask(`AUTH "${user}" "${password}"`);
  if (lines.at(-1) !== '201 OK') throw new Error(`AUTH of ${user}: ${lines.join(' / ')}`);
  return peer;
}
