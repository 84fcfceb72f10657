import { type Command, Option } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions } from '../shared/client.ts';
import { addPrintOptions } from '../shared/print-options.ts';
import { collect } from '../shared/values.ts';
import type { CallWords } from './call-words.ts';

/** A word for each method of the API. */
export function addCallCommands(ovh: Command, output: Output): void {
  const add = (method: string, words: string, description: string) => addCall(ovh, output, { method, words, description });
  add('get', '[parameter...]', 'read: parameters k=v go into the query')
    .option('--all', 'every page of a list of v2')
    .option('--expand', 'the objects of a list of ids, each asked for');
  add('post', '[member...]', 'create or act: k=v and k:=json are members of the body, @file is all of it');
  add('put', '[member...]', 'change: k=v and k:=json are members of the body, @file is all of it');
  add('delete', '[parameter...]', 'remove: parameters k=v go into the query');
}

interface Call {
  readonly method: string;
  readonly words: string;
  readonly description: string;
}

const FORMS = `
  k=v          a text            k:=json    a number, true, null, a list, an object
  k=@file      text of a file    k:=@file   JSON of a file         @file    the whole body
  @- is the standard input, and k=@@v a text that begins with @.
  Of a path such as '/ip/{ip}' the word ip=192.0.2.0/28 fills {ip}.`;

function addCall(ovh: Command, output: Output, { method, words, description }: Call): Command {
  const command = ovh.command(`${method} <path> ${words}`).description(description).addHelpText('after', FORMS);
  return addPrintOptions(addClientOptions(command))
    .option('--query <k=v>', 'a parameter of the query; may be repeated', collect)
    .option('--header <line>', "a header as 'Name: value'; may be repeated", collect)
    .option('--no-auth', 'neither sign the call nor send a token')
    .option('--raw', 'print status, headers and body as they came')
    .addOption(new Option('--dry-run', 'print what would be sent, and send nothing').conflicts('curl'))
    .option('--curl', 'print shell commands that do the same, with secrets as variables; nothing is sent')
    .action(async (path: string, given: string[], options: CallWords) =>
      (await import('./run-call.ts')).runCall({ method: method.toUpperCase(), path, given }, options, output),
    );
}
