import { readFile } from 'node:fs/promises';
import { OvirtClient } from '@fairlead/ovirt';
import type { Command } from 'commander';
import { CliError } from '../cli-errors.ts';

/** How a command reaches a gateway. */
export interface AccessOptions {
  readonly url: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly ca?: string;
}

/** A gateway that does not answer keeps nobody from leaving. */
const LOGOUT_MS = 2_000;

export interface Access extends AsyncDisposable {
  readonly client: OvirtClient;
  /** The authority that signs the API and the data plane. */
  readonly ca: string | undefined;
}

export function addAccessOptions(command: Command): Command {
  return command
    .option('--url <url>', 'oVirt API', process.env.FAIRLEAD_URL ?? 'https://localhost:8443/ovirt-engine')
    .option('--user <login>', 'user@profile', process.env.FAIRLEAD_USER ?? 'admin@internal')
    .option('--password-file <file>', 'file that holds the password (else the variable FAIRLEAD_PASSWORD)')
    .option('--ca <file>', 'certificate authority of the gateway (PEM)', process.env.FAIRLEAD_CA);
}

/** Logs in; disposing of it gives the token back. */
export async function openAccess(options: AccessOptions, signal: AbortSignal): Promise<Access> {
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const client = new OvirtClient({ url: options.url, username: options.user, password: await readPassword(options), ca });
  const close = async () => {
    await client.logout({ deadlineMs: LOGOUT_MS }).catch(() => undefined);
    client.close();
  };
  await client.api({ signal }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { client, ca, [Symbol.asyncDispose]: close };
}

async function readPassword(options: AccessOptions): Promise<string> {
  if (options.passwordFile !== undefined) return (await readFile(options.passwordFile, 'utf8')).replace(/\r?\n$/, '');
  const password = process.env.FAIRLEAD_PASSWORD;
  if (password === undefined) throw CliError('CLI_PASSWORD_NEEDED', { user: options.user });
  return password;
}
