import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions, type ClientWords } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { collect, number, span } from '../shared/values.ts';
import { listing } from '../shared/words.ts';
import type { ListCredentialWords } from './manage.ts';
import type { RequestWords } from './request.ts';

/** `fairlead ovh credential …`: consumer keys. */
export function addCredentialCommands(ovh: Command, output: Output): void {
  const credential = ovh.command('credential').description('consumer keys: ask for one, look at them, end them');
  addRequestOptions(credential.command('request'))
    .description('ask for a consumer key; it works once the page that is told was opened and agreed to')
    .option('--wait', 'wait until somebody has agreed')
    .option('--save', 'keep the key in the ovh.conf that holds the application key, and do not print it')
    .action(async (words: RequestWords) => (await import('./request.ts')).requestCredential(words, output));
  listing(credential.command('current'))
    .description('show status, end and rules of the key in use')
    .action(async (words: ClientWords & PrintWords) => (await import('./manage.ts')).showCurrent(words, output));
  listing(credential.command('list'))
    .description('list the keys of the account')
    .option('--status <status>', 'only those: pendingValidation, validated, refused, expired')
    .option('--application <id>', 'only those of this application', number(Number.MAX_SAFE_INTEGER))
    .action(async (words: ListCredentialWords) => (await import('./manage.ts')).listCredentials(words, output));
  listing(credential.command('show <id>'))
    .description('show one key of the account')
    .action(async (id: string, words: ClientWords & PrintWords) => (await import('./manage.ts')).showCredential(id, words, output));
  addClientOptions(credential.command('revoke <id...>'))
    .description('end keys for ever; `current` is the one in use')
    .option('--json', 'a line of JSON for each key that has ended')
    .action(async (ids: string[], words: ClientWords) => (await import('./manage.ts')).revokeCredentials(ids, words, output));
  addClientOptions(credential.command('explain <method> <path>'))
    .description('say whether the rules of the key in use allow a call, and which one is missing; exit code 77 when one is')
    .option('--json', 'answer as JSON')
    .action(async (method: string, path: string, words: ClientWords) =>
      (await import('./manage.ts')).explainCall(method, path, words, output),
    );
}

/** `fairlead ovh login`. */
export function addLogin(ovh: Command, output: Output): void {
  addRequestOptions(ovh.command('login'))
    .description('get a consumer key and keep it; without an application key: tell the page where keys are made')
    .action(async (words: RequestWords) => (await import('./login.ts')).logIn(words, output));
}

function addRequestOptions(command: Command): Command {
  return addClientOptions(command)
    .option('--allow <rule>', 'a call the key may do, as GET:/me or GET,PUT:/vps/*; may be repeated', collect)
    .option('--allow-recursive <rule>', 'a path and everything below it, as ro:/vps, rw:/sms, rws:/ip (all but DELETE)', collect)
    .option('--with-current', 'and everything that the key in use may do')
    .option('--redirect <url>', 'where the browser goes afterwards')
    .option('--ip <block>', 'an address or block from which the key may be used; may be repeated', collect)
    .option('--wait-for <span>', 'how long to wait for the agreement: 90s, 10m', span, 600_000)
    .option('--json', 'a line of JSON for each step');
}
