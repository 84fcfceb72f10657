import { CscpClient, CscpError } from '@fairlead/cscp';
import { CliError } from '../../cli-errors.ts';
import type { CceLink, LinkOptions } from './link.ts';
import { findPassword } from './password.ts';
import { asUsage } from './unsendable.ts';

/** Where a cced that stands alone listens (cce 1.1). */
export const CCED_SOCKET = '/run/fairlead/cced.socket';
/** A write may wait for handlers. */
const REPLY_MS = 320_000;

/** CCE over its socket; with a user after AUTH. Throws `CLI_CCE_DENIED`, `CLI_CCE_AWAY`, `CLI_PASSWORD_NEEDED`. */
export async function openSocketLink(options: LinkOptions, signal: AbortSignal): Promise<CceLink> {
  const client = await connectSocket(options, signal);
  return {
    execute: (operation) => client.execute(operation, { signal }).catch(asAway),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The connection itself, logged in when a user is named. */
export async function connectSocket(options: LinkOptions, signal: AbortSignal): Promise<CscpClient> {
  const socketPath = options.socket ?? (await configuredSocket(options.config));
  const client = await CscpClient.connect({ socketPath, timeoutMs: REPLY_MS, signal }).catch(asAway);
  try {
    if (options.user !== undefined) await logIn(client, options.user, options.passwordFile);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function logIn(client: CscpClient, user: string, passwordFile: string | undefined): Promise<void> {
  const password = await findPassword(user, passwordFile);
  const reply = await client.execute({ verb: 'AUTH', user, password }).catch(asAway);
  if (reply.end !== 201) throw CliError('CLI_CCE_DENIED', { reason: 'user or password are wrong' });
}

/** The socket with the most rights that the configuration names; without a configuration that of `fairlead cced`. */
async function configuredSocket(file: string | undefined): Promise<string> {
  const { findConfigFile } = await import('@fairlead/kernel/config');
  if (findConfigFile({ flag: file, env: process.env, cwd: process.cwd() }) === undefined) return CCED_SOCKET;
  const { readCceSettings } = await import('./settings.ts');
  const { admin_socket: admin, serve_socket: serve, backend, unix_socket_path: cced } = readCceSettings(file);
  return admin ?? serve ?? (backend === 'embedded' ? CCED_SOCKET : cced);
}

/** A failure of the way, as the command line tells it. */
export function asAway(failure: unknown): never {
  const error = asUsage(failure);
  throw error instanceof CscpError ? CliError('CLI_CCE_AWAY', { reason: error.message }, { cause: error }) : error;
}
