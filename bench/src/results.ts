import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Bench, format, type Table } from './report.ts';

const FILE = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

/** Puts the figures of one comparison into `bench/RESULTS.md`; what is there of the others stays. */
export async function keep(bench: Bench, rounds: number, tables: readonly Table[], facts: readonly string[]): Promise<void> {
  const section = [
    `## ${bench.name}`,
    '',
    `${bench.title}.`,
    '',
    ...[`\`./dev bench --rounds ${rounds} ${bench.name}\` on ${new Date().toISOString().slice(0, 10)}`, ...facts].map(
      (fact) => `- ${fact}`,
    ),
    '',
    ...tables.map(format),
    '',
  ].join('\n');
  await writeFile(FILE, replaced(await readFile(FILE, 'utf8'), bench.name, section));
}

/** The page with one section new, in its place or at the end of the figures. */
function replaced(page: string, name: string, section: string): string {
  const parts = page.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${name}\n`));
  if (at >= 0) return parts.with(at, `${section}\n`).join('').trimEnd().concat('\n');
  const reasons = parts.findIndex((part) => part.startsWith('## What falls short'));
  return parts
    .toSpliced(reasons < 0 ? parts.length : reasons, 0, `${section}\n`)
    .join('')
    .trimEnd()
    .concat('\n');
}
