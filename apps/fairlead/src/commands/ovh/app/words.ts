import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions, type ClientWords } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { listing } from '../shared/words.ts';
import type { DeleteAppWords } from './manage.ts';

/** `fairlead ovh app …`: applications, to which consumer keys belong. */
export function addAppCommands(ovh: Command, output: Output): void {
  const app = ovh.command('app').description('applications of the account');
  listing(app.command('list'))
    .description('list them')
    .action(async (words: ClientWords & PrintWords) => (await import('./manage.ts')).listApps(words, output));
  addClientOptions(app.command('delete <id>'))
    .description('delete one, and with it all its consumer keys')
    .option('--json', 'answer as JSON')
    .option('--force', 'even the application that this command itself works with')
    .action(async (id: string, words: DeleteAppWords) => (await import('./manage.ts')).deleteApp(id, words, output));
}
