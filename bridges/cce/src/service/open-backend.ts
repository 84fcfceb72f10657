import { CscpClient } from '@fairlead/cscp';
import { loadSchema } from '@fairlead/engine-cce';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import type { CceSettings } from '../config.ts';
import { openCscpServer } from '../socket/index.ts';
import type { Backend } from './backend.ts';
import { openEmbedded, readSchemaFiles, SocketBackend } from './backends/index.ts';
import type { EventHistory } from './events/event-history.ts';
import { openEvents } from './events/open-events.ts';
import type { AsAdmin } from './security/api-admin.ts';
import type { PasswordFile } from './security/password-file.ts';
import { serviceCredentialsOf } from './security/service-credentials.ts';
import { API_ADMIN } from './security/tokens.ts';

export interface OpenBackend extends AsyncDisposable {
  readonly backend: Backend;
  /** What was committed. */
  readonly events: EventHistory;
  /** Ways to an account with all rights. */
  readonly doors: readonly AsAdmin[];
  /** Schemas and bindings of the embedded engine. */
  reload(): Promise<void>;
  /** Connections to the backend by state. */
  connections(): { readonly idle: number; readonly busy: number };
}

export interface BackendParts {
  readonly context: BridgeContext;
  readonly settings: CceSettings;
  readonly passwords: PasswordFile;
  readonly heldOids: () => Promise<ReadonlySet<number>>;
}

/** Opens what carries out the commands, as the configuration says, and the CSCP sockets over the embedded engine. */
export function openBackend(parts: BackendParts): Promise<OpenBackend> {
  return parts.settings.backend === 'embedded' ? openEngine(parts) : openSocket(parts);
}

async function openEngine({ context, settings, heldOids }: BackendParts): Promise<OpenBackend> {
  await using scope = new AsyncScope();
  const embedded = scope.use(await openEmbedded(settings, context, { heldOids, keptUsers: [API_ADMIN] }));
  const { engine } = embedded;
  const events = scope.use(openEvents(context, engine));
  const { serve_socket: serveSocket, admin_socket: adminSocket, max_connections: connectionLimit } = settings;
  const offered = settings.extensions ? { events } : {};
  scope.use(await openCscpServer({ engine, serveSocket, adminSocket, connectionLimit, ...offered, log: context.log }));
  const asAdmin: AsAdmin = async (work) => {
    await using connection = await engine.connect({ kind: 'admin' }, { peer: 'gateway' });
    return await work(connection);
  };
  const held = scope.move();
  return {
    backend: embedded.backend,
    events,
    doors: [asAdmin],
    reload: () => embedded.reload(),
    connections: () => ({ idle: 0, busy: 0 }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

async function openSocket({ context, settings, passwords }: BackendParts): Promise<OpenBackend> {
  const { clock, log } = context;
  const { unix_socket_path: socketPath, socket_read_timeout: timeoutMs } = settings;
  const loaded = loadSchema(await readSchemaFiles(settings.schema_dir), {
    schemaStrictBool: settings.schema_strict_bool,
    passwordMax: settings.password_max,
  });
  const serviceCredentials = serviceCredentialsOf(passwords);
  await using scope = new AsyncScope();
  const backend = scope.use(new SocketBackend({ socketPath, timeoutMs, schema: loaded.schema, serviceCredentials, clock, log }));
  const events = scope.use(openEvents(context, backend));
  if (settings.serve_socket !== undefined) log.warn({}, '[cce] serve_socket is unused: there is no embedded engine');
  const withClient =
    (path: string): AsAdmin =>
    (work, signal) =>
      withAdminClient({ socketPath: path, timeoutMs, signal }, work);
  const held = scope.move();
  return {
    backend,
    events,
    // The flag of whoever opens the socket of root; else what api-admin may do himself, with the password that was kept.
    doors: [withClient(settings.admin_socket ?? socketPath), asItself(backend)],
    reload: async () => undefined,
    connections: () => ({ idle: backend.stats.idle, busy: backend.stats.busy }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

async function withAdminClient<T>(
  options: Parameters<typeof CscpClient.connect>[0] & { readonly signal: AbortSignal },
  work: Parameters<AsAdmin>[0],
): Promise<T> {
  await using client = await CscpClient.connect(options);
  const { signal } = options;
  return (await work({ execute: (operation) => client.execute(operation, { signal }) })) as T;
}

function asItself(backend: Backend): AsAdmin {
  return (work, signal) => backend.use({ kind: 'service', user: API_ADMIN }, work, signal);
}
