import { join } from 'node:path';
import { loadSchema, SqlStorage } from '@fairlead/engine-cce';
import type { AsyncScope } from '@fairlead/kernel/lifecycle';
import type { InventorySource } from '@fairlead/kernel/services';
import type { CceSettings } from '../config.ts';
import { CceError } from '../errors.ts';
import type { Backend } from './backend.ts';
import type { EmbeddedContext } from './backends/embedded-settings.ts';
import { FIRST_OBJECTS } from './backends/first-objects.ts';
import { openEmbedded, readSchemaFiles, SocketBackend } from './backends/index.ts';
import { SiteInventory } from './inventory.ts';
import { PasswordFile } from './security/password-file.ts';
import { serviceCredentialsOf } from './security/service-credentials.ts';

/**
 * What a gateway tells as `inventory.blueonyx`, for another process beside it: from the objects of its store by an engine that changes
 * nothing, or from the cced that it speaks to. `scope` holds what is opened. Since when a fact is so is not known here: since now.
 * Rejects with `CCE_BACKEND_UNREACHABLE` while no gateway has ever begun with this store, and for folders that cannot be read.
 */
export async function openInventory(context: EmbeddedContext, settings: CceSettings, scope: AsyncScope): Promise<InventorySource> {
  const open = settings.backend === 'embedded' ? readingEngine : cced;
  const backend = await open(context, settings, scope);
  return new SiteInventory({ backend, clock: context.clock, hostId: settings.host_id, units: settings.disk_units });
}

async function readingEngine(context: EmbeddedContext, settings: CceSettings, scope: AsyncScope): Promise<Backend> {
  if ((await new SqlStorage(context.store).getFact(FIRST_OBJECTS)) === undefined)
    throw CceError('CCE_BACKEND_UNREACHABLE', { reason: 'the engine has no objects yet: the gateway makes them at its first start' });
  const embedded = scope.use(await openEmbedded(settings, context, { readOnly: true, noHandlers: true }));
  return embedded.backend;
}

async function cced({ clock, log, server }: EmbeddedContext, settings: CceSettings, scope: AsyncScope): Promise<Backend> {
  const { unix_socket_path: socketPath, socket_read_timeout: timeoutMs } = settings;
  const { schema } = loadSchema(await readSchemaFiles(settings.schema_dir), {
    schemaStrictBool: settings.schema_strict_bool,
    passwordMax: settings.password_max,
  });
  const passwords = new PasswordFile(settings.state_dir ?? join(server.stateDir, 'cce'), log);
  const serviceCredentials = serviceCredentialsOf(passwords);
  return scope.use(new SocketBackend({ socketPath, timeoutMs, schema, serviceCredentials, clock, log }));
}
