import { diffCatalogues, type SchemaDiff } from '@fairlead/ovh/schema';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { explained } from '../shared/explain-error.ts';
import { printable, toJson } from '../shared/text.ts';
import { readFolder } from './folder.ts';

export interface DiffWords {
  readonly exitCode?: boolean;
  readonly json?: boolean;
}

/** Prints what became of the routes from one folder to the other. Throws ToldError: `CLI_OVH_DIFFERENT` when that is wanted, `CLI_OVH_NO_SCHEMA`. */
export async function diffSchemas(
  folders: { readonly before: string; readonly after: string },
  words: DiffWords,
  output: Output,
): Promise<void> {
  await explained(words, async () => {
    const diff = diffCatalogues(await readFolder(folders.before), await readFolder(folders.after));
    if (words.json === true) output.print(toJson(diff, 2));
    else for (const line of linesOf(diff)) output.print(printable(line));
    const count = Object.values(diff).reduce((sum, list) => sum + list.length, 0);
    if (count === 0 && words.json !== true) output.print('No route differs.');
    if (words.exitCode === true && count > 0) throw CliError('CLI_OVH_DIFFERENT', { count });
  });
}

/** `+` added, `-` removed, `!` deprecated, `~` changed. */
function linesOf({ added, removed, deprecated, changed }: SchemaDiff): string[] {
  return [
    ...removed.map(({ method, path, description }) => `- ${method} ${path}  ${description}`),
    ...added.map(({ method, path, description }) => `+ ${method} ${path}  ${description}`),
    ...deprecated.map(({ method, path, deprecation: { since, until, replacement } }) => {
      const facts = [since && `since ${since}`, until && `until ${until}`, replacement && `use ${replacement}`].filter(Boolean);
      return `! ${method} ${path}  deprecated${facts.length === 0 ? '' : `: ${facts.join(', ')}`}`;
    }),
    ...changed.flatMap(({ method, path, changes }) => changes.map((change) => `~ ${method} ${path}  ${change}`)),
  ];
}
