/** One `key = value` of a file. */
export interface IniEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface IniSection {
  /** As written between the brackets, white space collapsed. */
  readonly title: string;
  readonly line: number;
  readonly entries: readonly IniEntry[];
}

/** A mistake of the text itself; `found` never quotes a value, because it may be a secret. */
export interface IniMistake {
  readonly line: number;
  readonly where: string;
  readonly found: string;
  readonly allowed: string;
}

export interface Ini {
  readonly sections: readonly IniSection[];
  readonly mistakes: readonly IniMistake[];
}

/** A configuration beyond this is refused unread: 1 MiB of text. */
export const maxIniBytes = 1_048_576;

interface OpenSection {
  readonly title: string;
  readonly line: number;
  readonly entries: IniEntry[];
}

/** Reads text of `key = value` lines alone, as one section; brackets are a mistake in it. */
export function readKeys(text: string, title: string): Ini {
  const { sections, mistakes } = readText(text, { title, line: 0, entries: [] });
  const others = sections.filter((one) => one.title !== title || one.line !== 0);
  const found = others.map(({ line, title: other }) => ({ line, where: `[${other}]`, found: 'a section', allowed: 'key = value' }));
  return { sections: sections.filter((one) => one.line === 0), mistakes: [...mistakes, ...found] };
}

/**
 * Reads INI text (design 6): `;` and `#` begin a comment at the start of a line or after white space, so a `#` inside a secret stays.
 * Keys and section names are compared without regard to case. Never throws: what is wrong is listed with its line, the rest is read.
 */
export function readIni(text: string): Ini {
  return readText(text, undefined);
}

function readText(text: string, first: OpenSection | undefined): Ini {
  const mistakes: IniMistake[] = [];
  if (Buffer.byteLength(text) > maxIniBytes) {
    return { sections: [], mistakes: [{ line: 1, where: 'file', found: 'too long', allowed: `at most ${maxIniBytes} bytes` }] };
  }
  // What stands before the first brackets has no title that brackets could give it again.
  const sections = new Map<string, OpenSection>(first && [['', first]]);
  let open = first;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const content = withoutComment(raw).trim();
    if (content === '') continue;
    if (content.includes('\0')) mistakes.push({ line, where: 'line', found: 'a NUL character', allowed: 'text' });
    else if (content.startsWith('[')) open = openSection(sections, content, line, mistakes);
    else addEntry(open, content, line, mistakes);
  }
  return { sections: [...sections.values()], mistakes };
}

function withoutComment(line: string): string {
  const at = line.search(/(^|\s)[;#]/);
  return at < 0 ? line : line.slice(0, at);
}

function openSection(sections: Map<string, OpenSection>, content: string, line: number, mistakes: IniMistake[]): OpenSection {
  const title = /^\[([^[\]]*)\]$/.exec(content)?.[1]?.trim().replace(/\s+/g, ' ') ?? '';
  const section = { title, line, entries: [] };
  if (title === '') {
    mistakes.push({ line, where: 'section', found: 'no name between brackets', allowed: '[name]' });
    return section;
  }
  const earlier = sections.get(title.toLowerCase());
  if (!earlier) sections.set(title.toLowerCase(), section);
  else
    mistakes.push({ line, where: `[${title}]`, found: `the section again, first on line ${earlier.line}`, allowed: 'each section once' });
  return earlier ?? section;
}

function addEntry(section: OpenSection | undefined, content: string, line: number, mistakes: IniMistake[]): void {
  const at = content.indexOf('=');
  const key = content.slice(0, Math.max(at, 0)).trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9_.-]*$/.test(key)) {
    mistakes.push({ line, where: section ? `[${section.title}]` : 'file', found: 'a line that is no key', allowed: 'key = value' });
    return;
  }
  if (!section) {
    mistakes.push({ line, where: key, found: 'a key before any section', allowed: '[section] first' });
    return;
  }
  const earlier = section.entries.find((entry) => entry.key === key);
  if (earlier) {
    const found = `the key again, first on line ${earlier.line}`;
    mistakes.push({ line, where: `[${section.title}] ${key}`, found, allowed: 'each key once' });
    return;
  }
  section.entries.push({ key, value: content.slice(at + 1).trim(), line });
}
