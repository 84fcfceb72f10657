import type { Output } from '../../../output.ts';
import { selectPath } from './select.ts';
import { isFlatList, tableOf } from './table.ts';
import { printable, toJson } from './text.ts';
import { toYaml } from './yaml.ts';

/** How a result is printed; at most one of the forms. */
export interface PrintWords {
  readonly json?: boolean;
  readonly table?: boolean;
  readonly ndjson?: boolean;
  readonly yamlIsh?: boolean;
  /** `a.b`, `[].name`. */
  readonly select?: string;
}

/**
 * Prints what was asked for: in the form of the options, else a table of a flat list on a terminal, else JSON.
 * A call without result prints nothing unless a form was chosen. Throws `CLI_USAGE` for a path that is none.
 */
export function printResult(value: unknown, words: PrintWords, output: Output): void {
  const selected = words.select === undefined ? value : selectPath(value, words.select);
  const text = formed(selected, words, output);
  if (text !== undefined) output.print(text);
}

function formed(value: unknown, words: PrintWords, output: Output): string | undefined {
  if (words.ndjson === true) return linesOf(value);
  if (words.table === true) return tableOf(value);
  if (words.yamlIsh === true) return toYaml(value);
  if (words.json === true) return toJson(value, 2);
  if (value === null || value === undefined) return undefined;
  // A member that was picked goes into the variable of a script as it is.
  if (words.select !== undefined && typeof value === 'string') return output.isTerminal === true ? printable(value) : value;
  return output.isTerminal === true && isFlatList(value) ? tableOf(value) : toJson(value, 2);
}

/** A line for each element; no line for an empty list. */
function linesOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return toJson(value);
  return value.length === 0 ? undefined : value.map((item) => toJson(item)).join('\n');
}
