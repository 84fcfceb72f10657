import type { Ini } from './ini.ts';
import { type ConfigMistake, meant } from './mistakes.ts';
import { nearest } from './nearest.ts';
import type { Section } from './section.ts';

/** A text given to a key, and by whom. */
export interface Given {
  readonly text: string;
  readonly origin: string;
  /** From where relative paths count, when it is not the folder of the configuration. */
  readonly folder?: string;
}

/** Keys given to one appearance of a section; `name` is the free name of a named one, else empty. */
export interface Appearance {
  readonly section: Section;
  readonly name: string;
  readonly origin: string;
  readonly given: Map<string, Given>;
}

export type Overrides = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Collects what file, environment and command line give, later ones over earlier ones. */
export class Assignments {
  readonly appearances: Appearance[] = [];
  readonly mistakes: ConfigMistake[] = [];
  readonly warnings: string[] = [];
  readonly #sections: readonly Section[];

  constructor(sections: readonly Section[]) {
    this.#sections = sections;
  }

  addFile(ini: Ini, file: string): void {
    for (const one of ini.mistakes) {
      this.mistakes.push({ origin: `${file}:${one.line}`, where: one.where, found: one.found, allowed: one.allowed });
    }
    for (const part of ini.sections) {
      const origin = `${file}:${part.line}`;
      const appearance = this.#open(part.title, origin);
      if (appearance && appearance.origin !== origin) {
        const found = `the same section as on ${appearance.origin} under another name`;
        this.mistakes.push({ origin, where: `[${part.title}]`, found, allowed: 'each section once' });
      } else if (appearance) {
        for (const entry of part.entries) this.#give(appearance, entry.key, { text: entry.value, origin: `${file}:${entry.line}` });
      }
    }
  }

  /** `FAIRLEAD_<SECTION>_<KEY>` (design 6). A variable of a known section with an unknown key is a warning, because others may own it. */
  addEnvironment(env: Readonly<Record<string, string | undefined>>): void {
    for (const [variable, text] of Object.entries(env)) {
      if (text === undefined || !variable.startsWith('FAIRLEAD_') || variable === 'FAIRLEAD_CONFIG') continue;
      const target = this.#targetOf(variable.slice('FAIRLEAD_'.length));
      if (target) this.#give(this.#appear(target.section, target.name, variable), target.key, { text, origin: variable });
      else this.#warnOfVariable(variable);
    }
  }

  addOverrides(overrides: Overrides): void {
    for (const [title, keys] of Object.entries(overrides)) {
      const appearance = this.#open(title, 'command line');
      for (const [key, text] of Object.entries(keys)) {
        if (appearance) this.#give(appearance, key, { text, origin: 'command line' });
      }
    }
  }

  /** Keys of a file that a section names: they count where nobody else gave them. An unknown one is a warning, because the file was another program's. */
  addNamedFile(appearance: Appearance, ini: Ini, { file, folder }: { readonly file: string; readonly folder: string }): void {
    for (const one of ini.mistakes) {
      this.mistakes.push({ origin: `${file}:${one.line}`, where: one.where, found: one.found, allowed: one.allowed });
    }
    const { fields, fileKey } = appearance.section;
    const keys = Object.keys(fields).filter((key) => key !== fileKey);
    for (const { key, value, line } of ini.sections.flatMap((one) => one.entries)) {
      const origin = `${file}:${line}`;
      const isKnown = keys.includes(key);
      if (!isKnown) this.warnings.push(`${origin}: ${key} is no key that is known here${meant(nearest(key, keys))}`);
      if (isKnown && value !== '' && !appearance.given.has(key)) appearance.given.set(key, { text: value, origin, folder });
    }
  }

  #open(title: string, origin: string): Appearance | undefined {
    const found = matchTitle(this.#sections, title);
    if (found) return this.#appear(found.section, found.name, origin);
    const known = this.#sections.flatMap((one) => [one.header, ...one.aliases]);
    const allowed = `[${[...new Set(known)].join('], [')}]`;
    this.mistakes.push({ origin, where: `[${title}]`, found: `an unknown section${meant(nearest(title, known))}`, allowed });
    return undefined;
  }

  #appear(section: Section, name: string, origin: string): Appearance {
    const earlier = this.appearances.find((one) => one.section === section && asVariable(one.name) === asVariable(name));
    if (earlier) return earlier;
    const appearance = { section, name, origin, given: new Map<string, Given>() };
    this.appearances.push(appearance);
    return appearance;
  }

  #give(appearance: Appearance, key: string, given: Given): void {
    const keys = Object.keys(appearance.section.fields);
    if (keys.includes(key)) {
      if (given.text !== '') appearance.given.set(key, given);
      return;
    }
    const where = `${titleOf(appearance.section, appearance.name)} ${key}`;
    this.mistakes.push({ origin: given.origin, where, found: `an unknown key${meant(nearest(key, keys))}`, allowed: keys.join(', ') });
  }

  #targetOf(words: string): { readonly section: Section; readonly name: string; readonly key: string } | undefined {
    for (const section of this.#sections.filter((one) => !one.named)) {
      const key = keyAfter(section, words, (rest, wanted) => rest === wanted);
      if (key) return { section, name: '', key: key.key };
    }
    for (const section of this.#sections.filter((one) => one.named)) {
      const key = keyAfter(section, words, (rest, wanted) => rest.endsWith(`_${wanted}`) && rest.length > wanted.length + 1);
      if (key) return { section, name: key.rest.slice(0, -key.key.length - 1).toLowerCase(), key: key.key };
    }
    return undefined;
  }

  #warnOfVariable(variable: string): void {
    const names = this.#sections.flatMap((one) =>
      [one.header, ...one.aliases].map((name) => ({ one, prefix: `FAIRLEAD_${asVariable(name)}_` })),
    );
    const owner = names.find(({ prefix }) => variable.startsWith(prefix));
    if (!owner) return;
    const known = Object.keys(owner.one.fields).map((key) => `${owner.prefix}${asVariable(key)}`);
    this.warnings.push(`${variable} sets no known key${meant(nearest(variable, known))}`);
  }
}

export function titleOf(section: Section, name: string): string {
  return name === '' ? `[${section.header}]` : `[${section.header} ${name}]`;
}

function matchTitle(sections: readonly Section[], title: string): { readonly section: Section; readonly name: string } | undefined {
  const lower = title.toLowerCase();
  const plain = sections.find((one) => !one.named && [one.header, ...one.aliases].includes(lower));
  if (plain) return { section: plain, name: '' };
  const named = sections
    .filter((one) => one.named)
    .flatMap((one) => [one.header, ...one.aliases].map((header) => ({ section: one, header })))
    .filter(({ header }) => lower.startsWith(`${header} `))
    .sort((a, b) => b.header.length - a.header.length)[0];
  return named && { section: named.section, name: title.slice(named.header.length + 1) };
}

/** The longest key of the section that the words after its prefix name. */
function keyAfter(
  section: Section,
  words: string,
  fits: (rest: string, wanted: string) => boolean,
): { readonly key: string; readonly rest: string } | undefined {
  for (const header of [section.header, ...section.aliases]) {
    const prefix = `${asVariable(header)}_`;
    if (!words.startsWith(prefix)) continue;
    const rest = words.slice(prefix.length);
    const key = Object.keys(section.fields)
      .filter((one) => fits(rest, asVariable(one)))
      .sort((a, b) => b.length - a.length)[0];
    if (key) return { key, rest };
  }
  return undefined;
}

function asVariable(words: string): string {
  return words.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}
