import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { Command } from 'commander';

/** How a command reaches CCE. */
export interface LinkOptions {
  readonly config?: string;
  readonly socket?: string;
  readonly url?: string;
  readonly secret?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
}

/** CCE, over its socket or over the JSON API. Disposing says BYE. */
export interface CceLink extends AsyncDisposable {
  execute(operation: Operation): Promise<Reply>;
}

export function addLinkOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file, of which [cce] names the socket')
    .option('--socket <path>', 'CSCP socket (else [cce] admin_socket, serve_socket, or unix_socket_path)')
    .option('--url <url>', 'JSON API instead of the socket, for instance https://localhost:9092 (else the variable FAIRLEAD_CCE_URL)')
    .option('--secret <@file>', 'client secret for the JSON API from another machine, in a file (else the variable FAIRLEAD_CCE_SECRET)')
    .option('--user <login>', 'log in as this user')
    .option('--password-file <file>', 'file that holds the password (else the variable FAIRLEAD_PASSWORD, else it is asked for)')
    .option('--ca <file>', 'certificate authority of the gateway (PEM; else the variable FAIRLEAD_CA)');
}

/** Opens the way that the options name. Throws `CSCP_UNREACHABLE`, `CLI_CCE_DENIED`, `CLI_PASSWORD_NEEDED`, `FAIRLEAD_UPSTREAM_*`. */
export async function openLink(options: LinkOptions, signal: AbortSignal): Promise<CceLink> {
  const json = jsonOptions(options);
  if (json !== undefined) return (await import('./json-link.ts')).openJsonLink(json, signal);
  return (await import('./socket-link.ts')).openSocketLink(options, signal);
}

/** The options for the JSON API, when they name it; what stands on the command line wins, whichever way it names. */
export function jsonOptions(options: LinkOptions): (LinkOptions & { readonly url: string }) | undefined {
  const { FAIRLEAD_CCE_URL: usualUrl, FAIRLEAD_CA: usualCa } = process.env;
  const url = options.url ?? (options.socket === undefined ? usualUrl : undefined);
  const ca = options.ca ?? usualCa;
  return url === undefined ? undefined : { ...options, url, ...(ca !== undefined && { ca }) };
}
