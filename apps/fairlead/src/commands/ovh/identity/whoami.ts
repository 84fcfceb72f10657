import type { AuthDetails, OvhClient } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { type PrintWords, printResult } from '../shared/print.ts';
import { tableOf } from '../shared/table.ts';

/** `fairlead ovh whoami`: one refusal of the two questions makes the answer partial. Throws ToldError. */
export async function printIdentity(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(words, output, (client) => printBoth(client, words, output));
}

async function printBoth(client: OvhClient, words: ClientWords & PrintWords, output: Output): Promise<void> {
  const [details, me] = await Promise.allSettled([client.credentials.details(), client.get<Readonly<Record<string, unknown>>>('/me')]);
  if (details.status === 'rejected' && me.status === 'rejected') throw details.reason;
  const { profile } = client.config;
  const about = { endpoint: client.endpoint.name, ...(profile !== undefined && { profile }) };
  if (words.table === true && words.select === undefined) printTables(about, answerOf(details), answerOf(me), output);
  else printResult({ ...about, ...answerOf(details), ...(me.status === 'fulfilled' && { me: me.value }) }, words, output);
  if (details.status === 'rejected') throw partial('/auth/details', details.reason);
  if (me.status === 'rejected') throw partial('/me', me.reason);
}

function answerOf<T>(answer: PromiseSettledResult<T>): T | undefined {
  return answer.status === 'fulfilled' ? answer.value : undefined;
}

/** Rules and account each have a table of their own: in a cell they would make a line that nobody can read. */
function printTables(about: object, details: AuthDetails | undefined, me: object | undefined, output: Output): void {
  const { allowedRoutes, ...facts }: Partial<AuthDetails> = details ?? {};
  const tables = [{ ...about, ...facts }, allowedRoutes ?? [], me ?? []].flatMap((value) => tableOf(value) ?? []);
  output.print(tables.join('\n\n'));
}

function partial(path: string, error: unknown): Error {
  return CliError('CLI_OVH_PARTIAL', { reason: `GET ${path} was refused: ${error instanceof Error ? error.message : String(error)}` });
}
