import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Appearance, Assignments, type Given, type Overrides, titleOf } from './assign.ts';
import type { Field } from './fields.ts';
import { readIni, readKeys } from './ini.ts';
import { type ConfigMistake, configError, quoted } from './mistakes.ts';
import { codeOf, readConfigFile } from './read-file.ts';
import type { Section, SectionValue, SectionValues } from './section.ts';

export interface LoadOptions {
  /** Path of the file; with `text` only its name in messages and its folder for relative paths. */
  readonly file?: string | undefined;
  /** The content, instead of reading `file`. */
  readonly text?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the command line, by section and key; they win. */
  readonly overrides?: Overrides;
  /** Every section that may appear. */
  readonly sections: readonly Section[];
  /** Sections whose required keys must be there even when the section is not. */
  readonly needed?: readonly Section[];
  /** Sections that belong together (those of a bridge): when one is there and none says `enabled = false`, all are needed. */
  readonly groups?: readonly (readonly Section[])[];
}

/** One setting as it counts, for `config show`. */
export interface Setting {
  /** `[ovirt]`. */
  readonly title: string;
  readonly key: string;
  readonly text: string;
  readonly secret: boolean;
  /** `fairlead.ini:3`, a variable, `command line`, or `default`. */
  readonly source: string;
}

export interface LoadedConfig {
  /** Values of the sections by section name. Throws `FAIRLEAD_CONFIG` when a required key is missing. */
  values<const Sections extends readonly Section[]>(...sections: Sections): SectionValues<Sections>;
  /** Values of one section. Throws `FAIRLEAD_CONFIG` when a required key is missing. */
  value<S extends Section>(section: S): SectionValue<S>;
  /** Whether a section of this name stands in file, environment or command line. */
  has(name: string): boolean;
  /** Whether one of the sections is there and not switched off by `enabled = false`; where several have that key, one that is on is enough. */
  on(sections: readonly Section[]): boolean;
  readonly file: string | undefined;
  /** Where every setting comes from, sections in their declared order. */
  readonly sources: readonly Setting[];
  /** What works but should be mended; no secret. */
  readonly warnings: readonly string[];
  /** Every secret value, so that the log can keep it out. */
  readonly secrets: readonly string[];
}

type Values = Record<string, unknown>;

interface ReadAppearance {
  readonly section: Section;
  readonly name: string;
  readonly values: Values;
  /** Required keys that nobody gave. */
  readonly missing: readonly ConfigMistake[];
}

/**
 * Reads the configuration from file, environment and command line (design 6).
 * Throws `FAIRLEAD_CONFIG` with all mistakes together: file and line, key, what was found, what is allowed.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const file = options.file === undefined ? undefined : resolve(options.file);
  const given = new Assignments(options.sections);
  const text = options.text ?? (file === undefined ? '' : readConfigFile(file, given.mistakes, { origin: file, where: 'file' }));
  given.addFile(readIni(text), options.file === undefined ? 'configuration' : basename(options.file));
  given.addEnvironment(options.env);
  given.addOverrides(options.overrides ?? {});
  addNamedFiles(given, folderOf(file));
  const reader = new ValueReader(file, given);
  const read = options.sections.flatMap((section) => reader.readSection(section));
  const loaded = new Loaded(file, read, reader);
  const needed = [...(options.needed ?? []), ...(options.groups ?? []).filter((group) => loaded.on(group)).flat()];
  const missing = read.filter((one) => loaded.has(one.section.name) || needed.includes(one.section)).flatMap((one) => one.missing);
  const mistakes = [...given.mistakes, ...missing];
  if (mistakes.length > 0) throw configError(mistakes.map((mistake) => withoutSecrets(mistake, reader.secrets)));
  return loaded;
}

/** A secret that was pasted into the value of another key is not told with it. */
function withoutSecrets(mistake: ConfigMistake, secrets: ReadonlySet<string>): ConfigMistake {
  const found = [...secrets].reduce((text, secret) => text.replaceAll(secret, '***'), mistake.found);
  return { ...mistake, found };
}

/** Reads the files that sections name by a key of theirs (design 6), for instance `conf_file`. */
function addNamedFiles(given: Assignments, folder: string): void {
  for (const appearance of given.appearances) {
    const { fileKey } = appearance.section;
    const named = fileKey === undefined ? undefined : appearance.given.get(fileKey);
    if (fileKey === undefined || named === undefined) continue;
    const path = resolve(folder, named.text);
    const title = titleOf(appearance.section, appearance.name);
    const text = readConfigFile(path, given.mistakes, { origin: named.origin, where: `${title} ${fileKey}` });
    given.addNamedFile(appearance, readKeys(text, appearance.section.header), { file: basename(path), folder: dirname(path) });
  }
}

/** Turns texts into values, once for each appearance of a section, and notes what is wrong. */
class ValueReader {
  readonly settings: Setting[] = [];
  readonly secrets = new Set<string>();
  readonly given: Assignments;
  readonly #file: string | undefined;
  readonly #folder: string;

  constructor(file: string | undefined, given: Assignments) {
    this.#file = file;
    this.#folder = folderOf(file);
    this.given = given;
  }

  readSection(section: Section): ReadAppearance[] {
    const found = this.given.appearances.filter((one) => one.section === section);
    const absent: Appearance = { section, name: '', origin: 'default', given: new Map() };
    const appearances = found.length > 0 || section.named ? found : [absent];
    return appearances.map((one) => this.#readAppearance(one));
  }

  #readAppearance(appearance: Appearance): ReadAppearance {
    const title = titleOf(appearance.section, appearance.name);
    const missing: ConfigMistake[] = [];
    const values: Values = {};
    for (const [key, field] of Object.entries(appearance.section.fields)) {
      const given = appearance.given.get(key);
      if (given) values[key] = this.#readGiven(title, key, field, given);
      else if (field.defaultText !== undefined) values[key] = field.read(field.defaultText, this.#folder);
      else if (!field.optional) {
        missing.push({ origin: this.#file ?? 'configuration', where: `${title} ${key}`, found: 'nothing', allowed: field.allowed });
      }
      const text = given?.text ?? field.defaultText;
      if (text !== undefined) this.settings.push({ title, key, text, secret: field.secret, source: given?.origin ?? 'default' });
    }
    return { section: appearance.section, name: appearance.name, values, missing };
  }

  #readGiven(title: string, key: string, field: Field<unknown>, given: Given): unknown {
    const where = `${title} ${key}`;
    if (field.kind === 'obsolete') this.given.warnings.push(`${given.origin}: ${where} is unused: ${field.doc}`);
    if (field.kind === 'secret') this.#warnOfOpenFile(where, given);
    const text = field.kind === 'secret' && given.text.startsWith('@/') ? this.#readSecretFile(where, field, given) : given.text;
    if (text === undefined) return undefined;
    if (field.secret && text.length > 0) this.#rememberSecret(text);
    try {
      return field.read(text, given.folder ?? this.#folder);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const found = error.message === text && !field.secret ? quoted(text) : error.message;
      this.given.mistakes.push({ origin: given.origin, where, found, allowed: field.allowed });
      return undefined;
    }
  }

  /** Of a URL with a password, the password as well: libraries print it alone. */
  #rememberSecret(text: string): void {
    this.secrets.add(text);
    const password = URL.canParse(text) ? new URL(text).password : '';
    if (password !== '') this.secrets.add(password).add(unescaped(password));
  }

  #readSecretFile(where: string, field: Field<unknown>, given: Given): string | undefined {
    const path = given.text.slice(1);
    try {
      if (openToAll(path)) this.given.warnings.push(`${path} holds ${where} and may be read by every user: chmod 600 it`);
      if (statSync(path).size <= 65_536) return readFileSync(path, 'utf8').trim();
      this.given.mistakes.push({ origin: given.origin, where, found: `${path} with more than 65536 bytes`, allowed: field.allowed });
    } catch (error) {
      this.given.mistakes.push({
        origin: given.origin,
        where,
        found: `no readable file ${path} (${codeOf(error)})`,
        allowed: field.allowed,
      });
    }
    return undefined;
  }

  #warnOfOpenFile(where: string, given: Given): void {
    const inFile = this.#file !== undefined && given.origin.startsWith(`${basename(this.#file)}:`) && !given.text.startsWith('@/');
    const warning = `${this.#file} holds secrets such as ${where} and may be read by every user: chmod 640 it`;
    if (!inFile || this.given.warnings.some((one) => one.startsWith(`${this.#file} holds secrets`))) return;
    if (this.#file !== undefined && openToAll(this.#file)) this.given.warnings.push(warning);
  }
}

/** From where relative paths count. */
function folderOf(file: string | undefined): string {
  return file === undefined ? process.cwd() : dirname(file);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether every user may read the file; false when it cannot be told. */
function openToAll(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o004) !== 0;
}

class Loaded implements LoadedConfig {
  readonly file: string | undefined;
  readonly #read: readonly ReadAppearance[];
  readonly #reader: ValueReader;

  constructor(file: string | undefined, read: readonly ReadAppearance[], reader: ValueReader) {
    this.file = file;
    this.#read = read;
    this.#reader = reader;
  }

  get sources(): readonly Setting[] {
    return this.#reader.settings;
  }

  get warnings(): readonly string[] {
    return this.#reader.given.warnings;
  }

  get secrets(): readonly string[] {
    return [...this.#reader.secrets];
  }

  values<const Sections extends readonly Section[]>(...sections: Sections): SectionValues<Sections> {
    return Object.fromEntries(sections.map((one) => [one.name, this.value(one)])) as unknown as SectionValues<Sections>;
  }

  value<S extends Section>(section: S): SectionValue<S> {
    const read = this.#read.filter((one) => one.section === section);
    const missing = read.flatMap((one) => one.missing);
    if (missing.length > 0) throw configError(missing);
    const named = Object.fromEntries(read.map((one) => [one.name, one.values]));
    return (section.named ? named : (read[0]?.values ?? {})) as SectionValue<S>;
  }

  has(name: string): boolean {
    return this.#reader.given.appearances.some((one) => one.section.name === name || one.section.aliases.includes(name));
  }

  on(sections: readonly Section[]): boolean {
    if (!sections.some((one) => this.has(one.name))) return false;
    const switches = this.#read.filter(({ section }) => !section.named && sections.includes(section) && 'enabled' in section.fields);
    // Of several halves each has a switch of its own: one that is there and not off keeps the bridge on.
    const given = switches.length > 1 ? switches.filter(({ section }) => this.has(section.name)) : switches;
    return given.length === 0 || given.some(({ values }) => values.enabled !== false);
  }
}
