import type { Operation } from '@fairlead/cscp/codec';
import { parseRequest } from '@fairlead/cscp/codec';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type LinkOptions, openLink } from './link.ts';
import { printReply } from './print-reply.ts';
import { refuseSecrets } from './words.ts';

/** A write may wait for handlers. */
const LIMIT_MS = 330_000;

type RunOptions = LinkOptions & { readonly json?: boolean };

/** Carries out commands one after the other, as far as they succeed. Throws `CLI_CCE_*`. */
export async function runOperations(operations: readonly Operation[], options: RunOptions, output: Output): Promise<void> {
  await using link = await openLink(options, AbortSignal.timeout(LIMIT_MS));
  for (const operation of operations) printReply(operation, await link.execute(operation), { json: options.json === true, output });
}

/** `fairlead cce 'GET 6 . Email'`; without words on a terminal a conversation. Throws `CLI_USAGE` for what is no command. */
export async function runRaw(words: readonly string[], options: RunOptions, output: Output): Promise<void> {
  if (words.length > 0) return runOperations([readCommand(words.join(' '))], options, output);
  if (!process.stdin.isTTY) throw CliError('CLI_USAGE', { reason: "give a command, for instance fairlead cce 'FIND Vsite'" });
  await using link = await openLink(options, new AbortController().signal);
  await (await import('./conversation.ts')).converse(link, output);
}

function readCommand(line: string): Operation {
  // Whether a server offers the extensions is for it to say.
  const parsed = parseRequest(line, { context: 'CLIENT', state: 'CMD', extensions: true });
  if (parsed.kind !== 'operation') throw CliError('CLI_USAGE', { reason: `${line.slice(0, 80)} is no command of CSCP` });
  if (parsed.operation.verb === 'WATCH') throw CliError('CLI_USAGE', { reason: 'fairlead cce watch prints what is committed' });
  refuseSecrets(parsed.operation);
  return parsed.operation;
}
