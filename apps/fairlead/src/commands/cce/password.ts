import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from '../../cli-errors.ts';

/**
 * The password of a user, from a file, the environment, or the terminal; never from the command line, where every process of the machine reads it.
 * Throws `CLI_PASSWORD_NEEDED`.
 */
export async function findPassword(user: string, passwordFile: string | undefined): Promise<string> {
  if (passwordFile !== undefined) return withoutLineEnd(await readFile(passwordFile, 'utf8'));
  const { FAIRLEAD_PASSWORD: password } = process.env;
  if (password !== undefined) return password;
  if (process.stdin.isTTY) return askQuietly(`Password of ${user}: `);
  throw CliError('CLI_PASSWORD_NEEDED', { user });
}

/** A secret from `@/path`, or from the environment. */
export async function findSecret(option: string | undefined): Promise<string | undefined> {
  if (option === undefined) return process.env.FAIRLEAD_CCE_SECRET;
  if (!option.startsWith('@'))
    throw CliError('CLI_USAGE', {
      reason: '--secret takes @/path of a file: a secret on the command line would stand in the process list',
    });
  return withoutLineEnd(await readFile(option.slice(1), 'utf8'));
}

export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What is typed is not shown. */
export async function askQuietly(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
