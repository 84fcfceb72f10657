import { randomBytes } from 'node:crypto';
import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { CliError } from '../cli-errors.ts';

/** A file appears whole or not at all, with owner and rights of another one (its former self, or its neighbour). */
export async function writeWhole(path: string, text: string, like: string): Promise<void> {
  const { mode, uid, gid } = await stat(like);
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chown(draft, uid, gid).catch(() => undefined);
    await chmod(draft, mode & 0o777);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Sets keys of a section in one write; everything else, comments too, stays as it is. Throws `CLI_USAGE` when the section is not there. */
export async function changeIni(file: string, section: string, values: Readonly<Record<string, string>>): Promise<void> {
  const path = await realpath(file);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\s*\\[\\s*${section}\\s*\\]`, 'i').test(line));
  if (start === -1) throw CliError('CLI_USAGE', { reason: `${file} has no section [${section}]` });
  const length = lines.slice(start + 1).findIndex((line) => /^\s*\[/.test(line));
  const end = length === -1 ? lines.length : start + 1 + length;
  const changed = changedSection(lines.slice(start, end), values);
  await writeWhole(path, [...lines.slice(0, start), ...changed, ...lines.slice(end)].join('\n'), path);
}

function changedSection(lines: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const left = new Map(Object.entries(values));
  let last = 0;
  const changed = lines.map((line, index) => {
    const [, before = '', key = '', rest = ''] = /^(\s*([A-Za-z0-9_.-]+)\s*=[ \t]*)(.*)$/.exec(line) ?? [];
    const value = left.get(key.toLowerCase());
    if (value === undefined) return line;
    last = index;
    left.delete(key.toLowerCase());
    const comment = /(\s[;#].*)?\r?$/.exec(rest)?.[0] ?? '';
    return `${before}${value}${comment}`;
  });
  const added = [...left].map(([key, value]) => `${key} = ${value}`);
  return [...changed.slice(0, last + 1), ...added, ...changed.slice(last + 1)];
}
