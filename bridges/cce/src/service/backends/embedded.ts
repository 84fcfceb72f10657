import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, type EngineOptions, kernelSessions, openEngine, type SourceFile, SqlStorage } from '@fairlead/engine-cce';
import { nativeHandlers, shippedSchemas } from '@fairlead/engine-cce/native';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { openProgramPort } from '../programs/program-port.ts';
import { EmbeddedBackend } from './embedded-backend.ts';
import type { EmbeddedContext, EmbeddedOptions, EmbeddedSettings } from './embedded-settings.ts';
import { installFirstObjects } from './first-objects.ts';
import { readSourceFiles } from './source-files.ts';

/** The engine in this process; disposing closes it. */
export interface OpenEmbedded extends AsyncDisposable {
  readonly engine: Engine;
  readonly backend: EmbeddedBackend;
  /** Reads schemas and bindings anew (cce 9, SIGHUP). Rejects, and leaves everything as it was, when a folder cannot be read. */
  reload(): Promise<void>;
}

/**
 * Opens the engine over the store of the gateway: schemas, bindings, handlers, programs, and the first objects. Rejects when a folder or the fixtures
 * cannot be read, or the store is away. The tables are those of `codbMigrations`.
 */
export async function openEmbedded(
  settings: EmbeddedSettings,
  context: EmbeddedContext,
  options: EmbeddedOptions = {},
): Promise<OpenEmbedded> {
  const { store, log, server } = context;
  await using scope = new AsyncScope();
  const { handler_dir: handlerDir, serve_socket: socket } = settings;
  const programs = scope.use(await openProgramPort({ handlerDir, runDir: server.runDir, socket, clock: context.clock, log }));
  const storage = new SqlStorage(store);
  const files = await readFiles(settings);
  const engine = scope.use(await openEngine({ ...engineOptions(settings, context, options), ...files, storage, programs }));
  tellFindings(engine, context);
  const stateDir = settings.state_dir ?? join(server.stateDir, 'cce');
  await installFirstObjects({ engine, storage, fixtures: settings.fixtures, stateDir, log });
  const held = scope.move();
  return {
    engine,
    backend: new EmbeddedBackend(engine),
    reload: async () => {
      engine.reload(await readFiles(settings));
      tellFindings(engine, context);
    },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

function engineOptions(
  settings: EmbeddedSettings,
  { clock, log, sessions }: EmbeddedContext,
  options: EmbeddedOptions,
): Omit<EngineOptions, 'schemas' | 'bindings' | 'storage'> {
  const { noHandlers, failTransactions, readOnly, heldOids, keptUsers } = options;
  return {
    sessions: kernelSessions(sessions, { idleMs: settings.session_timeout, maxMs: settings.session_max }, clock),
    handlers: nativeHandlers({ legacyMd5: settings.legacy_md5, keptUsers }),
    clock,
    log,
    handlerTimeoutMs: settings.handler_timeout,
    allowExternTypes: settings.allow_extern_types,
    schemaStrictBool: settings.schema_strict_bool,
    passwordMax: settings.password_max,
    ...(!settings.auth_fail_delay && { failurePauseMs: () => 0 }),
    ...{ noHandlers, failTransactions, readOnly, heldOids },
  };
}

/** The schema that a cced has whose own cannot be asked (cce 12.3): what we ship, or that of `schema_dir`. */
export async function readSchemaFiles(schemaDir: string | undefined): Promise<readonly SourceFile[]> {
  return readSourceFiles(schemaDir ?? fileURLToPath(shippedSchemas), '.schema');
}

/** Our own bindings always count: without them no password becomes a hash. */
async function readFiles(settings: EmbeddedSettings): Promise<Pick<EngineOptions, 'schemas' | 'bindings'>> {
  const [schemas, shipped, own] = await Promise.all([
    readSchemaFiles(settings.schema_dir),
    readSourceFiles(fileURLToPath(shippedSchemas), '.conf'),
    settings.conf_dir === undefined ? [] : readSourceFiles(settings.conf_dir, '.conf'),
  ]);
  return { schemas, bindings: [...shipped, ...own] };
}

function tellFindings(engine: Engine, { log }: EmbeddedContext): void {
  for (const { severity, file, line, text } of engine.findings) {
    if (severity === 'error') log.error({ file, line }, `schema: ${text}`);
    else log.debug({ file, line }, `schema: ${text}`);
  }
}
