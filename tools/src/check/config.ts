import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectSections, configPages } from '../docs/config-pages.ts';
import type { Check, Finding } from './check.ts';

export const configCheck: Check = {
  name: 'config',
  holds: 'the reference and the sample file say what the declared settings say',
  async run({ root }) {
    const sections = await collectSections(root);
    const wanted = configPages(sections);
    const found: Record<string, string | undefined> = {};
    for (const path of Object.keys(wanted)) found[path] = await readFile(join(root, path), 'utf8').catch(() => undefined);
    const blind = sections.length === 0 ? [{ text: 'no section was found: the check is blind' }] : [];
    const notes = [`${sections.length} sections`];
    return { findings: [...blind, ...comparePages(wanted, found)], notes };
  },
};

/** Names each page that is missing or differs, with the first line that does. */
export function comparePages(wanted: Readonly<Record<string, string>>, found: Readonly<Record<string, string | undefined>>): Finding[] {
  return Object.entries(wanted).flatMap(([file, text]) => {
    const present = found[file];
    if (present === undefined) return [{ file, text: 'is missing: run ./dev docs' }];
    if (present === text) return [];
    const lines = present.split('\n');
    const line = text.split('\n').findIndex((one, index) => one !== lines[index]);
    return [{ file, line: line === -1 ? undefined : line + 1, text: 'is out of date: run ./dev docs' }];
  });
}
