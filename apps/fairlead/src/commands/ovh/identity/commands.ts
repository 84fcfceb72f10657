import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions, type ClientWords } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { addPrintOptions } from '../shared/print-options.ts';
import { number } from '../shared/values.ts';
import type { SignWords } from './sign.ts';

type Words = ClientWords & PrintWords;

/** What the API knows about us, and what we tell it: clock, account, signature. */
export function addIdentityCommands(ovh: Command, output: Output): void {
  addPrintOptions(addClientOptions(ovh.command('time').description('the time of the API, and how far our clock is away'))).action(
    async (options: Words) => (await import('./time.ts')).printTime(options, output),
  );
  addPrintOptions(addClientOptions(ovh.command('whoami').description('account, identity and rights behind the keys in use'))).action(
    async (options: Words) => (await import('./whoami.ts')).printIdentity(options, output),
  );
  addPrintOptions(
    addClientOptions(
      ovh.command('sign <method> <url> [body]').description('show what is signed of a call, and the signature: sends nothing'),
    ),
  )
    .option('--timestamp <seconds>', 'sign for this second of the API, else for now by the local clock', number(999_999_999_999))
    .addHelpText('after', '\n  The URL is whole, or a path at the endpoint; the body is a text, @file or @- (standard input).')
    .action(async (method: string, url: string, body: string | undefined, options: SignWords) =>
      (await import('./sign.ts')).printSignature({ method, url, body }, options, output),
    );
}
