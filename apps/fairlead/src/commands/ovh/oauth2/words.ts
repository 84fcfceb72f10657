import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions, type ClientWords } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { listing } from '../shared/words.ts';
import type { CreateClientWords } from './clients.ts';
import type { TokenWords } from './token.ts';

/** `fairlead ovh oauth2 …`: service accounts and their tokens. */
export function addOAuth2Commands(ovh: Command, output: Output): void {
  const oauth2 = ovh.command('oauth2').description('service accounts and their access tokens');
  addClientOptions(oauth2.command('token'))
    .description('get an access token of the configured service account and say how long it counts')
    .option('--show', 'print the token itself, and nothing else')
    .option('--file <file>', 'write it into a file that only its owner may read')
    .option('--json', 'answer as JSON')
    .action(async (words: TokenWords) => (await import('./token.ts')).getToken(words, output));
  const client = oauth2.command('client').description('service accounts of the account');
  addClientOptions(client.command('create <name>'))
    .description('make one; its secret is given this once')
    .option('--description <text>', 'what it is for', '')
    .option('--secret-file <file>', 'write the secret into a new file that only its owner may read, and do not print it')
    .option('--json', 'answer as JSON')
    .action(async (name: string, words: CreateClientWords) => (await import('./clients.ts')).createOAuth2Client(name, words, output));
  listing(client.command('list'))
    .description('list them')
    .action(async (words: ClientWords & PrintWords) => (await import('./clients.ts')).listOAuth2Clients(words, output));
  addClientOptions(client.command('delete <id>'))
    .description('delete one; its tokens end')
    .option('--json', 'answer as JSON')
    .action(async (id: string, words: ClientWords) => (await import('./clients.ts')).deleteOAuth2Client(id, words, output));
}
