import { decodeEntities } from './entities.ts';

/** A start or an end of an element, with names in lower case and values without entities. */
export interface Tag {
  readonly kind: 'open' | 'close';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** `<x/>` */
  readonly isEmpty: boolean;
  /** From 1. */
  readonly line: number;
}

export type ReportLine = (severity: 'error' | 'warning', line: number, text: string) => void;

/** Characters of a file. */
const LONGEST = 4 * 1024 * 1024;
/** After so many broken tags a file is no schema; this also bounds how often a part of it is read again. */
const MOST_BROKEN = 100;

const NAME = /[A-Za-z_][A-Za-z0-9_.:-]*/y;
const ATTRIBUTE = /\s*([A-Za-z_][A-Za-z0-9_.:-]*)\s*=\s*(["'])/y;
const END = /\s*(\/?)\s*>/y;
const NEXT_TOP = /<\/?(?:schema|class|typedef|rule|matchtype)(?![A-Za-z0-9_.:-])/gi;
const ELEMENTS: ReadonlySet<string> = new Set(['schema', 'class', 'property', 'typedef', 'rule', 'matchtype', 'index']);

/**
 * Reads the pseudo-XML of schema files (cce 2.2). Never throws; what is broken is reported and reading goes on at the next element that
 * can stand at the top. Linear in the length of the text.
 */
export function readTags(text: string, report: ReportLine): readonly Tag[] {
  return new TagReader(text, report).run();
}

class TagReader {
  readonly #text: string;
  readonly #report: ReportLine;
  readonly #tags: Tag[] = [];
  #at = 0;
  #line = 1;
  /** Where the line `#line` ends. */
  #lineEnd: number;
  #broken = 0;

  constructor(text: string, report: ReportLine) {
    this.#text = text;
    this.#report = report;
    this.#lineEnd = this.#endOfLine(0);
  }

  run(): readonly Tag[] {
    if (this.#text.length > LONGEST) {
      this.#report('error', 1, `the file is longer than ${LONGEST} characters`);
      return [];
    }
    for (let at = this.#nextTag(); at >= 0; at = this.#nextTag()) this.#read(at);
    return this.#tags;
  }

  /** Text between elements says nothing (cce 2.2(4)). */
  #nextTag(): number {
    return this.#at < this.#text.length ? this.#text.indexOf('<', this.#at) : -1;
  }

  #read(start: number): void {
    if (this.#text.charAt(start + 1) === '!') {
      this.#skipComment(start);
      return;
    }
    const isClose = this.#text.charAt(start + 1) === '/';
    const name = this.#nameAt(start + (isClose ? 2 : 1));
    this.#at = start + 1;
    if (name === '') return;
    this.#at = start + (isClose ? 2 : 1) + name.length;
    const attributes = new Map<string, string>();
    const element = name.toLowerCase();
    const line = this.#lineAt(start);
    const trouble = this.#readAttributes(attributes, line);
    const end = trouble === '' ? this.#endAt() : undefined;
    if (end === undefined) {
      this.#skipBroken(start, element, trouble === '' ? 'the tag does not end' : trouble);
      return;
    }
    this.#tags.push({ kind: isClose ? 'close' : 'open', name: element, attributes, isEmpty: end, line });
  }

  #nameAt(at: number): string {
    NAME.lastIndex = at;
    return NAME.exec(this.#text)?.[0] ?? '';
  }

  /** What is wrong, or nothing. */
  #readAttributes(attributes: Map<string, string>, line: number): string {
    for (;;) {
      ATTRIBUTE.lastIndex = this.#at;
      const match = ATTRIBUTE.exec(this.#text);
      if (!match) return '';
      const [head, written = '', quote = '"'] = match;
      const start = this.#at + head.length;
      const end = this.#text.indexOf(quote, start);
      if (end < 0) return `the value of ${written} does not end`;
      const raw = this.#text.slice(start, end);
      const name = written.toLowerCase();
      if (raw.includes('<')) this.#report('warning', line, `the value of ${written} has a "<"; it should be &lt;`);
      if (attributes.has(name)) this.#report('warning', line, `${written} is there twice; the last one counts`);
      attributes.set(name, decodeEntities(raw));
      this.#at = end + 1;
    }
  }

  /** Whether the tag is empty; undefined when it does not end here. */
  #endAt(): boolean | undefined {
    END.lastIndex = this.#at;
    const match = END.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[1] === '/';
  }

  #skipComment(start: number): void {
    const end = this.#text.indexOf('-->', start + 2);
    if (end < 0) this.#report('error', this.#lineAt(start), 'the comment does not end');
    this.#at = end < 0 ? this.#text.length : end + 3;
  }

  /** cce 2.2(8). What only looks like an element is text. */
  #skipBroken(start: number, element: string, trouble: string): void {
    this.#broken += 1;
    const isElement = ELEMENTS.has(element);
    this.#report(isElement ? 'error' : 'warning', this.#lineAt(start), `<${element.slice(0, 40)}>: ${trouble}`);
    if (this.#broken > MOST_BROKEN) {
      this.#report('error', this.#lineAt(start), 'too much is broken; the rest is not read');
      this.#at = this.#text.length;
      return;
    }
    this.#at = start + 1;
    if (!isElement) return;
    NEXT_TOP.lastIndex = start + 1;
    this.#at = NEXT_TOP.exec(this.#text)?.index ?? this.#text.length;
  }

  /** Places are asked for from the front to the back, so that each line break is looked for once. */
  #lineAt(at: number): number {
    while (this.#lineEnd < at) {
      this.#lineEnd = this.#endOfLine(this.#lineEnd + 1);
      this.#line += 1;
    }
    return this.#line;
  }

  #endOfLine(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end;
  }
}
