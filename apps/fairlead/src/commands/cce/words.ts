import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { type Criterion, isSecretKey, type Operation, type Values } from '@fairlead/cscp/codec';
import { CliError } from '../../cli-errors.ts';
import { withoutLineEnd } from './password.ts';

/** `5` or `5.Email` as object and namespace. */
export function readTarget(target: string, namespace: string | undefined): { readonly oid: string; readonly namespace: string } {
  const [oid = '', inside = ''] = target.split('.', 2);
  return { oid, namespace: namespace ?? inside };
}

/** `key=value` words. `@/path` reads a value from a file and `@-` from the standard input, `@@` begins a value with one `@`. Throws `CLI_USAGE`. */
export async function readValues(words: readonly string[]): Promise<Values> {
  const values = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at <= 0) throw CliError('CLI_USAGE', { reason: `${word} is not of the form key=value` });
    const key = word.slice(0, at);
    values.set(key, await readValue(key, word.slice(at + 1)));
  }
  return values;
}

async function readValue(key: string, value: string): Promise<string> {
  if (value === '@-') return withoutLineEnd(await readAll(process.stdin));
  if (value.startsWith('@@')) return value.slice(1);
  if (value.startsWith('@')) return withoutLineEnd(await readFile(value.slice(1), 'utf8'));
  if (value !== '' && isSecretKey(key))
    throw CliError('CLI_USAGE', { reason: `${key} is a secret: give ${key}=@/path, or ${key}=@- for the standard input` });
  return value;
}

/** `key=value` and `key~regex` words. Throws `CLI_USAGE`. */
export function readCriteria(words: readonly string[]): readonly Criterion[] {
  return words.map((word) => {
    const [, key, sign, value] = /^([^=~]+)([=~])(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined)
      throw CliError('CLI_USAGE', { reason: `${word} is not of the form key=value or key~regex` });
    return { key, match: sign === '~' ? 'regex' : 'equals', value };
  });
}

/** Sort words of FIND: a type alone sorts nothing. */
export function readSort(options: {
  readonly sort?: string;
  readonly sortType?: string;
}): { readonly type: string; readonly property: string } | undefined {
  if (options.sort === undefined) return undefined;
  return { type: options.sortType ?? 'ascii', property: options.sort };
}

/** Refuses what would put a password into the process list. Throws `CLI_USAGE`. */
export function refuseSecrets(operation: Operation): void {
  if (operation.verb === 'AUTH' || operation.verb === 'AUTHKEY')
    throw CliError('CLI_USAGE', { reason: 'log in with --user: a password on the command line would stand in the process list' });
  const values = operation.verb === 'SET' || operation.verb === 'CREATE' ? operation.values : new Map<string, string>();
  for (const [key, value] of values)
    if (value !== '' && isSecretKey(key))
      throw CliError('CLI_USAGE', { reason: `${key} is a secret: use fairlead cce set, with ${key}=@/path` });
}
