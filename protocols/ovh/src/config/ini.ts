import { ConfigurationError } from '../errors/errors.ts';

export interface IniEntry {
  /** As it stands in the file; the key of the map is its lower case. */
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  readonly entries: ReadonlyMap<string, IniEntry>;
}

export interface IniFile {
  readonly sections: readonly IniSection[];
  readonly warnings: readonly { readonly message: string; readonly line: number }[];
}

const MAX_TEXT = 1024 * 1024;
const SECTION = /^\[(.+?)\]\s*(?:[;#].*)?$/;
const QUOTED = /^(["'])(.*?)\1(\s+[;#].*)?$/;

/**
 * Reads the dialect of spec 3.1: the files of python-ovh, go-ovh and ovhcloud-cli alike.
 * No message repeats what a line says, since it may be a secret.
 * @param file the name that errors give
 * @throws ConfigurationError with file and line
 */
export function parseIni(text: string, file: string): IniFile {
  if (text.length > MAX_TEXT) throw new ConfigurationError(`${file} is longer than 1 MiB: this is no configuration file`);
  const reader = new IniReader(file);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) reader.read(line, index + 1);
  return { sections: [...reader.sections.values()], warnings: reader.warnings };
}

interface OpenSection extends IniSection {
  readonly entries: Map<string, IniEntry>;
}

class IniReader {
  readonly sections = new Map<string, OpenSection>();
  readonly warnings: { message: string; line: number }[] = [];
  readonly #file: string;
  #section: OpenSection | undefined;
  /** The key that a deeper indented line would continue. */
  #last: { readonly folded: string; readonly indent: number } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  read(line: string, number: number): void {
    const content = line.trim();
    if (content === '' || content.startsWith(';') || content.startsWith('#')) return;
    const indent = line.length - line.trimStart().length;
    if (this.#last && indent > this.#last.indent) this.#continue(content, number);
    else if (content.startsWith('[')) this.#open(content, number);
    else this.#entry(content, indent, number);
  }

  #open(content: string, line: number): void {
    const name = SECTION.exec(content)?.[1]?.trim();
    if (!name) throw this.#error(line, 'a section is not closed, or has no name: write [name]');
    this.#last = undefined;
    const known = this.sections.get(name);
    if (known)
      this.warnings.push({ message: `section [${name}] stands twice (first on line ${known.line}); what is said last counts`, line });
    this.#section = known ?? { name, line, entries: new Map() };
    this.sections.set(name, this.#section);
  }

  #entry(content: string, indent: number, line: number): void {
    const section = this.#section;
    if (!section) throw this.#error(line, 'a line stands before any [section]');
    const at = content.search(/[=:]/);
    if (at < 0) throw this.#error(line, `a line in [${section.name}] is neither "key = value" nor a comment`);
    const key = content.slice(0, at).trim();
    if (key === '') throw this.#error(line, `a line in [${section.name}] has no key before "="`);
    const folded = key.toLowerCase();
    if (section.entries.has(folded)) {
      this.warnings.push({ message: `${key} stands twice in [${section.name}]; what is said last counts`, line });
    }
    section.entries.set(folded, { key, value: plainValue(content.slice(at + 1)), line });
    this.#last = { folded, indent };
  }

  /** RFC 9112 5.2 joins folded lines of a header with one space; any other value would silently change. */
  #continue(content: string, line: number): void {
    const folded = this.#last?.folded ?? '';
    const entry = this.#section?.entries.get(folded);
    if (!entry || !folded.startsWith('header.')) {
      throw this.#error(line, 'a line is indented deeper than the one before, which would continue its value: write it at the margin');
    }
    this.#section?.entries.set(folded, { ...entry, value: `${entry.value} ${plainValue(` ${content}`)}`.trim() });
  }

  #error(line: number, what: string): ConfigurationError {
    return new ConfigurationError(`${this.#file}:${line}: ${what}`);
  }
}

function plainValue(raw: string): string {
  return splitValue(raw).value;
}

/**
 * The value that stands behind a sign, and the comment after it with the blanks between. Balanced quotes go, and keep what looks
 * like a comment; else a comment begins at `;` or `#` after white space.
 */
export function splitValue(raw: string): { readonly value: string; readonly comment: string } {
  const quoted = QUOTED.exec(raw.trim());
  if (quoted) return { value: quoted[2] ?? '', comment: quoted[3] ?? '' };
  const at = raw.search(/\s[;#]/);
  if (at < 0) return { value: raw.trim(), comment: '' };
  const value = raw.slice(0, at).trimEnd();
  return { value: value.trimStart(), comment: raw.slice(value.length) };
}

/** The section of a name: exactly, else in any case; `[DEFAULT]` is never found for another name. */
export function findSection(ini: IniFile, name: string): IniSection | undefined {
  const exact = ini.sections.find((section) => section.name === name);
  if (exact) return exact;
  const folded = name.toLowerCase();
  return ini.sections.find((section) => section.name !== 'DEFAULT' && section.name.toLowerCase() === folded);
}
