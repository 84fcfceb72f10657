import { ConfigurationError, type Explained, loadConfig, type Settings } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { formatTable, type Output } from '../../../output.ts';
import { explained } from '../shared/explain-error.ts';
import { printable, toJson } from '../shared/text.ts';
import { type ConfigWords, configurationOf } from './config-words.ts';
import { readChain } from './files.ts';

/** Each key with its place; secrets as `[redacted]`. A configuration without keys is shown all the same, then refused. Throws ToldError. */
export async function showConfiguration(words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const { settings, problem } = readSettings(words);
    const rows = settings.explain();
    if (words.json === true) output.print(toJson(rows.filter((row) => row.present).map(withValue), 2));
    else {
      const body = rows.map((row) => [row.key, shownOf(row) ?? '-', placeOf(row), row.note ?? ''].map(printable));
      output.print(formatTable([['key', 'value', 'from', 'note'], ...body]));
      for (const { message } of settings.warnings) output.tell(`warning: ${message}`);
    }
    if (problem !== undefined) throw problem;
  });
}

/** Without keys it is still of use where the rest comes from. */
export function readSettings(words: ConfigWords): { readonly settings: Settings; readonly problem?: ConfigurationError } {
  const options = configurationOf(words);
  try {
    return { settings: loadConfig(options) };
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.code !== 'OVH_CONFIGURATION') throw error;
    return { settings: loadConfig({ ...options, auth: 'none' }), problem: error };
  }
}

function withValue(row: Explained) {
  const { key, source, name, file, line, note } = row;
  return { key, value: shownOf(row), source, name, file, line, note };
}

/** What may be shown; headers may hold a token. */
function shownOf(row: Explained): string | undefined {
  return row.present ? (row.shown ?? '[redacted]') : undefined;
}

export function placeOf({ source, name, file, line }: Explained): string {
  if (file !== undefined) return `${file}:${line} ${name}`;
  return source === undefined ? '' : `${source === 'option' ? 'option' : source} ${name}`.replace(/^environment /, 'variable ');
}

/** The files of the chain, highest first. Throws ToldError. */
export async function printPaths(words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const files = readChain(words).map(({ path, kind, state }) => ({ path, kind, state }));
    if (words.json === true) output.print(toJson(files, 2));
    else output.print(formatTable([['file', 'place', 'state'], ...files.map(({ path, kind, state }) => [path, kind, state])]));
  });
}

/** The value that counts; its place goes to standard error. Throws ToldError. */
export async function printKey(key: string, words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const folded = key.toLowerCase();
    const rows = readSettings(words).settings.explain();
    const row = rows.find((one) => one.key.toLowerCase() === folded && one.present);
    if (row === undefined) {
      const known = rows.some((one) => one.key.toLowerCase() === folded) ? `${key} is set nowhere` : `there is no key ${key}`;
      throw CliError('CLI_OVH_NOT_FOUND', { reason: known });
    }
    if (words.json === true) output.print(toJson(withValue(row), 2));
    else {
      output.print(printable(shownOf(row) ?? ''));
      output.tell([placeOf(row), row.note].filter(Boolean).join('; '));
    }
  });
}
