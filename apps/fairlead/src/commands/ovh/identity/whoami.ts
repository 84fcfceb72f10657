import type { OvhClient } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { type PrintWords, printResult } from '../shared/print.ts';

/** `fairlead ovh whoami`: one refusal of the two questions makes the answer partial. Throws ToldError. */
export async function printIdentity(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(words, output, (client) => printBoth(client, words, output));
}

async function printBoth(client: OvhClient, words: ClientWords & PrintWords, output: Output): Promise<void> {
  const [details, me] = await Promise.allSettled([client.credentials.details(), client.get<Readonly<Record<string, unknown>>>('/me')]);
  if (details.status === 'rejected' && me.status === 'rejected') throw details.reason;
  const known = {
    endpoint: client.endpoint.name,
    ...(client.config.profile !== undefined && { profile: client.config.profile }),
    ...(details.status === 'fulfilled' && details.value),
    ...(me.status === 'fulfilled' && { me: me.value }),
  };
  printResult(known, words, output);
  if (details.status === 'rejected') throw partial('/auth/details', details.reason);
  if (me.status === 'rejected') throw partial('/me', me.reason);
}

function partial(path: string, error: unknown): Error {
  return CliError('CLI_OVH_PARTIAL', { reason: `GET ${path} was refused: ${error instanceof Error ? error.message : String(error)}` });
}
