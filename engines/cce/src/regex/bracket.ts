/** Result of reading `[...]`: the text of an RE2 class, and where it ended; or why it is no bracket expression. */
export type Bracket =
  | { readonly ok: true; readonly source: string; readonly end: number }
  | { readonly ok: false; readonly reason: string };

/** What `bracketAt` may understand beyond POSIX. */
export interface BracketDialect {
  /** REG_NEWLINE: a negated list does not match a line break. */
  readonly newline: boolean;
  /** `\d \w \s` and their opposites are classes inside brackets as well; every other backslash is literal, as POSIX says. */
  readonly perlClasses: boolean;
}

/** POSIX 9.3.5(6) in the C locale. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\x{9}',
  cntrl: '\\x{1}-\\x{1f}\\x{7f}',
  digit: '0-9',
  graph: '\\x{21}-\\x{7e}',
  lower: 'a-z',
  print: '\\x{20}-\\x{7e}',
  punct: '\\x{21}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{7e}',
  space: '\\x{9}-\\x{d}\\x{20}',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** Classes of one letter behind a backslash, as the inside of an RE2 class. */
export const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}',
  w: '0-9A-Za-z_',
  W: '\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}',
  s: '\\x{9}-\\x{d}\\x{20}',
  S: '\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}',
};

/** A character of an RE2 pattern that stands for itself, wherever it stands. */
export function literal(code: number): string {
  return isPlain(code) ? String.fromCharCode(code) : `\\x{${code.toString(16)}}`;
}

function isPlain(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

type Element = { readonly end: number } & (
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'class'; readonly source: string }
  | { readonly kind: 'error'; readonly reason: string }
);

/** Reads the bracket expression that begins at `start` (which is at its `[`). Linear in its length. */
export function bracketAt(pattern: string, start: number, dialect: BracketDialect): Bracket {
  const negated = pattern.charAt(start + 1) === '^';
  const first = start + (negated ? 2 : 1);
  let at = first;
  let source = '';
  while (at < pattern.length && (at === first || pattern.charAt(at) !== ']')) {
    const item = itemAt(pattern, at, dialect);
    if (!item.ok) return item;
    source += item.source;
    at = item.end;
  }
  if (at >= pattern.length) return { ok: false, reason: 'unmatched [' };
  const lines = negated && dialect.newline ? '\\x{a}' : '';
  return { ok: true, source: `[${negated ? '^' : ''}${source}${lines}]`, end: at + 1 };
}

/** A class, a character, or a range of two characters. */
function itemAt(pattern: string, at: number, dialect: BracketDialect): Bracket {
  const from = elementAt(pattern, at, dialect);
  if (from.kind === 'error') return { ok: false, reason: from.reason };
  if (from.kind === 'class') return { ok: true, source: from.source, end: from.end };
  const isRange = pattern.charAt(from.end) === '-' && from.end + 1 < pattern.length && pattern.charAt(from.end + 1) !== ']';
  if (!isRange) return { ok: true, source: literal(from.code), end: from.end };
  const to = elementAt(pattern, from.end + 1, dialect);
  if (to.kind === 'error') return { ok: false, reason: to.reason };
  if (to.kind === 'class') return { ok: false, reason: 'a range cannot end in a class' };
  if (to.code < from.code) return { ok: false, reason: 'range out of order' };
  return { ok: true, source: `${literal(from.code)}-${literal(to.code)}`, end: to.end };
}

function elementAt(pattern: string, at: number, dialect: BracketDialect): Element {
  const char = pattern.charAt(at);
  const next = pattern.charAt(at + 1);
  if (char === '[' && (next === ':' || next === '.' || next === '=')) return namedAt(pattern, at, next);
  const perl = char === '\\' && dialect.perlClasses ? PERL_CLASSES[next] : undefined;
  if (perl !== undefined) return { kind: 'class', source: perl, end: at + 2 };
  const code = pattern.codePointAt(at) ?? 0;
  return { kind: 'char', code, end: at + (code > 0xffff ? 2 : 1) };
}

/** `[:class:]`, `[.x.]` and `[=x=]`; the C locale has no collating element of more than one character. */
function namedAt(pattern: string, at: number, mark: string): Element {
  const end = pattern.indexOf(`${mark}]`, at + 2);
  if (end < 0) return { kind: 'error', end: at, reason: `unmatched [${mark}` };
  const name = pattern.slice(at + 2, end);
  if (mark === ':') {
    const source = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    return source === undefined ? { kind: 'error', end, reason: 'unknown character class' } : { kind: 'class', source, end: end + 2 };
  }
  const code = name.codePointAt(0) ?? 0;
  if (name === '' || name.length > (code > 0xffff ? 2 : 1)) return { kind: 'error', end, reason: 'unknown collating element' };
  return { kind: 'char', code, end: end + 2 };
}
