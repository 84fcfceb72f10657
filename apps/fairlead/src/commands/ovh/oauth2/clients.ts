import type { ServiceAccount } from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { printItems, printRows } from '../shared/rows.ts';
import { printable, toJson } from '../shared/text.ts';
import { newSecretFile } from './secret-file.ts';

export interface CreateClientWords extends ClientWords {
  readonly description: string;
  readonly secretFile?: string;
}

/** Makes a service account; its secret goes to standard output or into a file, never both. Throws ToldError. */
export async function createOAuth2Client(name: string, words: CreateClientWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    // Before the secret is there, so that it cannot get lost.
    await using file = words.secretFile === undefined ? undefined : await newSecretFile(words.secretFile);
    const { clientId, clientSecret } = await client.oauth2Clients.create({ name, description: words.description });
    await file?.write(clientSecret);
    const made: Made = { clientId, ...(file === undefined ? { clientSecret } : { secretFile: words.secretFile }) };
    if (words.json === true) output.print(toJson(made));
    else tellMade(made, output);
  });
}

interface Made {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly secretFile?: string | undefined;
}

function tellMade({ clientId, clientSecret, secretFile }: Made, output: Output): void {
  output.print(`client id      ${printable(clientId)}`);
  if (clientSecret === undefined) {
    output.print(`secret in      ${secretFile}`);
    return;
  }
  output.print(`client secret  ${printable(clientSecret)}`);
  output.tell('OVHcloud never shows this secret again.');
}

export async function listOAuth2Clients(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    const ids = await client.oauth2Clients.list();
    const items = await client.expand<ServiceAccount>('/me/api/oauth2/client', ids, { onItemError: 'collect' });
    printItems(items, { words, output }, (values) => printRows(values, rowOf, words, output));
  });
}

function rowOf({ clientId, name, description, flow, identity }: ServiceAccount): object {
  return { 'client id': clientId, name, description, flow, identity };
}

export async function deleteOAuth2Client(id: string, words: ClientWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    await client.oauth2Clients.delete(id);
    output.print(words.json === true ? toJson({ clientId: id, deleted: true }) : `The service account ${printable(id)} is deleted.`);
  });
}
