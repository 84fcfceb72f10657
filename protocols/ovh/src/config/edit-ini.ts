import { ConfigurationError } from '../errors/errors.ts';
import { findSection, type IniSection, parseIni, splitValue } from './ini.ts';

/** New values by key; undefined takes the key away. */
export type IniChanges = { readonly [key: string]: string | undefined };

/**
 * The text with other values in one section; every other line, comment and line end stays as it is.
 * @param file the name that errors give
 * @throws ConfigurationError when the text cannot be read, or a value cannot stand in a file
 */
export function editIni(text: string, section: string, changes: IniChanges, file = 'ovh.conf'): string {
  const found = findSection(parseIni(text, file), section);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  const edited = found ? inSection(lines, found, changes) : withSection(lines, section, changes);
  const result = edited.join(end) + end;
  check(result, section, changes, file);
  return result;
}

function withSection(lines: readonly string[], section: string, changes: IniChanges): string[] {
  const added = newEntries(changes, () => true);
  if (added.length === 0) return [...lines];
  const gap = lines.length > 0 && lines.at(-1)?.trim() !== '' ? [''] : [];
  return [...lines, ...gap, `[${section}]`, ...added];
}

/** Values are changed where they stand; new ones come after the last entry of the section. */
function inSection(lines: readonly string[], section: IniSection, changes: IniChanges): string[] {
  const folded = new Map(Object.entries(changes).map(([key, value]) => [key.toLowerCase(), value]));
  const standing = new Map([...section.entries].map(([key, entry]) => [entry.line, key]));
  const after = Math.max(section.line, ...standing.keys());
  const added = newEntries(changes, (key) => !section.entries.has(key.toLowerCase()));
  return lines.flatMap((line, index) => {
    const key = standing.get(index + 1);
    const kept = key !== undefined && folded.has(key) ? changed(line, folded.get(key)) : [line];
    return index + 1 === after ? [...kept, ...added] : kept;
  });
}

function newEntries(changes: IniChanges, wanted: (key: string) => boolean): string[] {
  return Object.entries(changes).flatMap(([key, value]) => (value !== undefined && wanted(key) ? [`${key} = ${written(value)}`] : []));
}

function changed(line: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  const sign = line.search(/[=:]/) + 1;
  const rest = line.slice(sign);
  const blanks = rest.slice(0, rest.length - rest.trimStart().length);
  return [`${line.slice(0, sign)}${blanks}${written(value)}${splitValue(rest).comment}`];
}

/** In quotes only where it would read otherwise: python-ovh takes quotes for a part of the value. */
function written(value: string): string {
  if (!/^\s|\s$|\s[;#]|^[;#"']/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** What was written is read again: a value that the dialect cannot hold never gets into a file. */
function check(text: string, section: string, changes: IniChanges, file: string): void {
  const entries = findSection(parseIni(text, file), section)?.entries;
  for (const [key, value] of Object.entries(changes)) {
    if (entries?.get(key.toLowerCase())?.value !== value)
      throw new ConfigurationError(`${file}: the value of ${key} cannot be kept in a file`);
  }
}
