import { chmod, readFile, realpath } from 'node:fs/promises';
import { parseIni } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { writeWhole } from '../../../compose/edit-file.ts';

/**
 * Takes a section with all its lines out of a file, which is replaced as a whole and readable by its owner alone. Comments right above the
 * next section stay: they are about that one. Throws `OVH_CONFIGURATION` for a file that cannot be understood, `CLI_OVH_FILE` for one that
 * would say something else afterwards.
 */
export async function removeSection(file: string, section: string): Promise<void> {
  const path = await realpath(file);
  const before = await readFile(path, 'utf8');
  const after = withoutSection(before, section);
  if (factsOf(after, file) !== factsOf(before, file, section))
    throw CliError('CLI_OVH_FILE', { reason: `[${section}] cannot be told apart from the rest of ${file}: take it out by hand` });
  await chmod(path, 0o600);
  await writeWhole(path, after, path);
}

/** The text without the section, each time that it stands there. */
function withoutSection(text: string, section: string): string {
  const kept: string[] = [];
  let remarks: string[] = [];
  let isGone = false;
  for (const line of text.split('\n')) {
    const name = /^\s*\[(.+?)\]/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      if (isGone) kept.push(...withoutGap(kept, remarks));
      isGone = name === section;
    }
    if (!isGone) kept.push(line);
    remarks = isGone && /^\s*(?:[;#].*)?$/.test(line) ? [...remarks, line] : [];
  }
  return `${kept.join('\n').trimEnd()}\n`;
}

/** Blank lines stood on both sides of the section. */
function withoutGap(kept: readonly string[], remarks: readonly string[]): readonly string[] {
  const first = remarks.findIndex((line) => line.trim() !== '');
  const isApart = kept.length === 0 || kept.at(-1)?.trim() === '';
  return isApart ? remarks.slice(first === -1 ? remarks.length : first) : remarks;
}

/** What a file says, but for one section. */
function factsOf(text: string, file: string, except?: string): string {
  const sections = parseIni(text, file).sections.filter(({ name }) => name !== except);
  return JSON.stringify(sections.map(({ name, entries }) => [name, [...entries].map(([key, { value }]) => [key, value])]));
}
