import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readWorkspace } from '../check/workspace.ts';
import { generatePages } from './pages.ts';

/** Writes every generated page that differs from what is there. */
const root = resolve(import.meta.dirname, '../../..');
const pages = await generatePages(root, await readWorkspace(root));
for (const [path, text] of Object.entries(pages)) {
  const file = join(root, path);
  const same = (await readFile(file, 'utf8').catch(() => undefined)) === text;
  if (!same) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  process.stdout.write(`${same ? 'same   ' : 'written'} ${path}\n`);
}
