import { chmod, readFile, realpath } from 'node:fs/promises';
import { parseIni } from '@fairlead/ovh';
import { writeWhole } from '../../../compose/edit-file.ts';

/**
 * Takes a section with all its lines out of a file, which is replaced as a whole and readable by its owner alone. Comments right above the
 * next section stay: they are about that one. Throws `OVH_CONFIGURATION` for a file that cannot be understood.
 */
export async function removeSection(file: string, section: string): Promise<void> {
  const path = await realpath(file);
  const text = withoutSection(await readFile(path, 'utf8'), section, file);
  await chmod(path, 0o600);
  await writeWhole(path, text, path);
}

/** The text without the section, each time that it stands there. */
export function withoutSection(text: string, section: string, file: string): string {
  // That it can be understood, before anything is cut.
  parseIni(text, file);
  const lines = text.split('\n');
  const kept: string[] = [];
  let isGone = false;
  let remarks: string[] = [];
  for (const line of lines) {
    const name = /^\s*\[(.+?)\]/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      if (isGone) kept.push(...remarks);
      isGone = name === section;
    }
    if (!isGone) kept.push(line);
    remarks = isGone && /^\s*(?:[;#].*)?\r?$/.test(line) ? [...remarks, line] : [];
  }
  return kept.join('\n');
}
