import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textFromBytes } from '@fairlead/cscp/codec';
import type { SourceFile } from '@fairlead/engine-cce';

/** No tree of schemas is deeper; a link that leads back ends here. */
const MAX_DEPTH = 16;

/**
 * Every file with the ending below a folder, in the order of their paths; names that begin with a dot are skipped (cce 2.1, 4.1).
 * Rejects with the error of the file system when the folder cannot be read.
 */
export async function readSourceFiles(folder: string, ending: '.schema' | '.conf'): Promise<readonly SourceFile[]> {
  const paths = await listFiles(folder, ending, 0);
  return Promise.all(paths.map(async (file) => ({ file, text: textFromBytes(await readFile(file)) })));
}

async function listFiles(folder: string, ending: string, depth: number): Promise<readonly string[]> {
  if (depth > MAX_DEPTH) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.push(...(await listFiles(path, ending, depth + 1)));
    else if (entry.name.endsWith(ending)) found.push(path);
  }
  return found;
}
