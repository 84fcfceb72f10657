import { type Item, isOvhError } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type PrintWords, printResult } from './print.ts';
import { printable } from './text.ts';

/** Whether the options ask for whole objects; else a table of what matters is printed, also where no terminal is. */
export function wantsWhole({ json, ndjson, yamlIsh, select }: PrintWords): boolean {
  return json === true || ndjson === true || yamlIsh === true || select !== undefined;
}

/** Prints whole objects where JSON is asked for, else a table of what matters about each. */
export function printRows<T>(items: readonly T[], rowOf: (item: T) => object, words: PrintWords, output: Output): void {
  const isWhole = wantsWhole(words);
  printResult(isWhole ? items : items.map(rowOf), isWhole ? words : { table: true }, output);
}

/**
 * Prints the objects of a list, and tells which of them could not be read. Throws `CLI_OVH_PARTIAL` when some could not, and the first
 * error itself when none could.
 */
export function printItems<T>(
  items: readonly Item<T>[],
  { words, output }: { readonly words: PrintWords; readonly output: Output },
  print: (values: readonly T[]) => void,
): void {
  const failed = items.filter((item) => item.error !== undefined);
  if (failed.length > 0 && failed.length === items.length) throw failed[0]?.error;
  print(items.flatMap((item) => (item.error === undefined ? [item.value as T] : [])));
  if (failed.length === 0) return;
  // As JSON the one object on standard error says all of it.
  if (words.json !== true) for (const { id, error } of failed) output.tell(printable(`${id}: ${messageOf(error)}`));
  const names = failed.map(({ id, error }) => (isOvhError(error) ? `${id} (${error.code})` : String(id)));
  throw CliError('CLI_OVH_PARTIAL', { reason: `${failed.length} of ${items.length} objects could not be read: ${names.join(', ')}` });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The number of a credential or an application. Throws `CLI_USAGE`. */
export function idOf(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw CliError('CLI_USAGE', { reason: `${text} is not the number of ${what}` });
  return Number(text);
}
