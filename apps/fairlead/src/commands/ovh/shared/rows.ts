import type { Item } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type PrintWords, printResult } from './print.ts';

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
 * Prints the objects of a list, and says which of them could not be read.
 * Throws `CLI_OVH_PARTIAL` when some could not, and the error itself when none could.
 */
export function printItems<T>(items: readonly Item<T>[], rowOf: (item: T) => object, words: PrintWords, output: Output): void {
  const failed = items.filter((item) => item.error !== undefined);
  const [first] = failed;
  if (first !== undefined && failed.length === items.length) throw first.error;
  const values = items.flatMap((item) => (item.error === undefined ? [item.value as T] : []));
  printRows(values, rowOf, words, output);
  if (first === undefined) return;
  const reason = `${failed.length} of ${items.length} could not be read, the first one ${first.id}: ${(first.error as Error).message}`;
  throw CliError('CLI_OVH_PARTIAL', { reason });
}

/** The number of a credential or an application. Throws `CLI_USAGE`. */
export function idOf(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw CliError('CLI_USAGE', { reason: `${text} is not the number of ${what}` });
  return Number(text);
}
