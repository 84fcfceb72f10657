import type { Application, OvhClient } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { idOf, printItems, printRows } from '../shared/rows.ts';
import { printable, toJson } from '../shared/text.ts';

export interface DeleteAppWords extends ClientWords {
  readonly force?: boolean;
}

export async function listApps(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    const ids = await client.applications.list();
    const items = await client.expand<Application>('/me/api/application', ids, { onItemError: 'collect' });
    printItems(items, { words, output }, (values) => printRows(values, rowOf, words, output));
  });
}

/** Of the key only the beginning, as everywhere. */
function rowOf({ applicationId, applicationKey, name, status, description }: Application): object {
  return { application: applicationId, key: `${applicationKey.slice(0, 4)}…`, name, status, description };
}

/** Throws `CLI_USAGE` for the application in use, unless that is meant. */
export async function deleteApp(id: string, words: DeleteAppWords, output: Output): Promise<void> {
  const number = idOf(id, 'an application');
  await withClient(words, output, async (client) => {
    const { name } = await client.applications.get(number);
    if (words.force !== true && (await applicationInUse(client)) === number)
      throw CliError('CLI_USAGE', { reason: `${number} is the application that this command works with; --force deletes it all the same` });
    await client.applications.delete(number);
    if (words.json === true) output.print(toJson({ application: number, name, deleted: true }));
    else output.print(`The application ${number} (${printable(name)}) is deleted, and all its consumer keys with it.`);
  });
}

/** Undefined for a service account or a token. */
async function applicationInUse(client: OvhClient): Promise<number | undefined> {
  if (client.config.auth.method !== 'application') return undefined;
  return (await client.credentials.current()).applicationId;
}
