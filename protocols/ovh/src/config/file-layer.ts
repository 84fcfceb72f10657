import { headerProblem } from '../codec/headers.ts';
import { ConfigurationError } from '../errors/errors.ts';
import { findSection, type IniEntry, type IniFile, type IniSection, parseIni } from './ini.ts';
import { CREDENTIAL_KEYS } from './keys.ts';
import type { Found, Layer } from './layer.ts';
import type { ConfigurationFile, ConfigurationWarning } from './settings.ts';

/** A file that was read. */
export interface ParsedFile {
  readonly path: string;
  readonly ini: IniFile;
}

const PROFILE_PREFIX = 'profile:';
/** Read rights of the group or of everybody. */
const READABLE_BY_OTHERS = 0o044;
const SECRET_KEYS: ReadonlySet<string> = new Set(CREDENTIAL_KEYS.filter((key) => key !== 'application_key' && key !== 'client_id'));

/**
 * Reads what was found along the chain; what is only odd becomes a warning.
 * @throws ConfigurationError for a file that was named and is missing, a directory, and text of another form
 */
export function parseFiles(files: readonly ConfigurationFile[], warnings: ConfigurationWarning[]): ParsedFile[] {
  const parsed: ParsedFile[] = [];
  for (const file of files) {
    const { path, text } = file;
    if (file.problem === 'directory') throw new ConfigurationError(`${path} is a directory, not a configuration file`);
    if (file.problem === 'missing') throw new ConfigurationError(`the configuration file ${path} does not exist`);
    if (file.kind === 'retired') warnings.push(fileWarning(path, 'no client reads this file: its name is ovh.conf or .ovh.conf now'));
    else if (file.problem === 'denied') warnings.push(fileWarning(path, 'the file may not be read, and is left out'));
    if (text === undefined || file.kind === 'retired') continue;
    const ini = parseIni(text, path);
    for (const { message, line } of ini.warnings) warnings.push({ message: `${path}:${line}: ${message}`, file: path, line });
    if (((file.mode ?? 0) & READABLE_BY_OTHERS) !== 0 && holdsSecrets(ini)) {
      warnings.push(fileWarning(path, 'others may read this file, and it holds secrets: chmod 600'));
    }
    parsed.push({ path, ini });
  }
  return parsed;
}

function fileWarning(file: string, what: string): ConfigurationWarning {
  return { message: `${file}: ${what}`, file, line: undefined };
}

function holdsSecrets(ini: IniFile): boolean {
  return ini.sections.some((section) => [...section.entries].some(([key, entry]) => SECRET_KEYS.has(key) && entry.value !== ''));
}

/** One file seen through the sections that matter, the first one first; `[DEFAULT]` stands below them. */
export function fileLayer({ path, ini }: ParsedFile, sectionNames: readonly string[]): Layer {
  const sections = sectionsOf(ini, sectionNames);
  const found = (section: IniSection, entry: IniEntry): Found => ({
    value: entry.value,
    source: 'file',
    name: `[${section.name}]`,
    file: path,
    line: entry.line,
  });
  return {
    label: path,
    get: (key) => {
      for (const section of sections) {
        const entry = section.entries.get(key);
        if (entry && entry.value !== '') return found(section, entry);
      }
      return undefined;
    },
    headers: () =>
      sections
        .toReversed()
        .flatMap((section) =>
          [...section.entries.values()]
            .filter((entry) => entry.key.toLowerCase().startsWith('header.') && entry.value !== '')
            .map((entry) => [checkedHeader(path, entry), found(section, entry)] as const),
        ),
    spelling: (key) => `${key} in [${sectionNames[0] ?? 'default'}] of ${path}`,
  };
}

function sectionsOf(ini: IniFile, names: readonly string[]): IniSection[] {
  const sections = [...names, 'DEFAULT'].map((name) => findSection(ini, name)).filter((section) => section !== undefined);
  return [...new Set(sections)];
}

function checkedHeader(path: string, entry: IniEntry): string {
  const name = entry.key.slice('header.'.length);
  const problem = headerProblem(name, entry.value);
  if (problem) throw new ConfigurationError(`${path}:${entry.line}: ${problem}`);
  return name;
}

/** The section of a profile. */
export function profileSection(profile: string): string {
  return `${PROFILE_PREFIX}${profile}`;
}

/** The profiles that the files define, sorted. */
export function profilesOf(files: readonly ParsedFile[]): string[] {
  const sections = files.flatMap((file) => file.ini.sections).filter((section) => section.name.toLowerCase().startsWith(PROFILE_PREFIX));
  return [...new Set(sections.map((section) => section.name.slice(PROFILE_PREFIX.length).trim()))].sort();
}
