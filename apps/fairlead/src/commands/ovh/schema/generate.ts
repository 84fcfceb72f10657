import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { generateMetadata, generateTypes } from '@fairlead/ovh/schema';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { explained } from '../shared/explain-error.ts';
import { toJson } from '../shared/text.ts';
import { writeWholeFile } from '../shared/whole-file.ts';
import { readFolder } from './folder.ts';

export interface GenerateWords {
  readonly from: string;
  readonly out: string;
  readonly universe: string;
  readonly date?: string;
  readonly json?: boolean;
}

const READABLE_BY_ALL = 0o644;

/** Writes `<universe>.ts` and `<universe>.metadata.json`. Throws ToldError: `CLI_OVH_NO_SCHEMA`, `CLI_OVH_FILE`, `CLI_USAGE`. */
export async function generateFiles(words: GenerateWords, output: Output): Promise<void> {
  const { from, out, universe, date } = words;
  await explained(words, async () => {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(universe))
      throw CliError('CLI_USAGE', { reason: '--universe is a short word such as eu, ca or us' });
    const day = date ?? new Date().toISOString().slice(0, 10);
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)))
      throw CliError('CLI_USAGE', { reason: '--date is a day such as 2026-11-22' });
    const catalogue = await readFolder(from);
    await mkdir(out, { recursive: true });
    const files = [
      [join(out, `${universe}.ts`), generateTypes(catalogue, { universe, date: day })],
      [join(out, `${universe}.metadata.json`), `${toJson(generateMetadata(catalogue))}\n`],
    ] as const;
    for (const [file, text] of files) await writeWholeFile(file, text, READABLE_BY_ALL);
    const count = catalogue.routes.length;
    if (words.json === true) output.print(toJson({ files: files.map(([file]) => file), routes: count }));
    else for (const [file] of files) output.print(`${file} has ${count} routes.`);
  });
}
