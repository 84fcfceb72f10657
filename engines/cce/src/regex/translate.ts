import { bracketAt, literal, PERL_CLASSES } from './bracket.ts';

/** An expression in the syntax of RE2, with an estimate of how many states it makes; or why it is none. */
export type Translation =
  | { readonly ok: true; readonly source: string; readonly cost: number }
  | { readonly ok: false; readonly reason: string };

/** RE2 refuses what repeats more often, also by repeats inside of repeats. */
const MOST_REPEATS = 1000;
/** RE2 itself stops at 1000. */
const DEEPEST = 400;
const INTERVAL = /\{([0-9]{0,5})(,?)([0-9]{0,5})\}/y;

/** The part of an expression that a repeat behind it applies to. */
interface Atom {
  readonly source: string;
  readonly cost: number;
  readonly depth: number;
  /** Product of the counted repeats inside. */
  readonly repeats: number;
  /** The repeat that it ends in, when that is `*`, `+` or `?`: another one behind it makes one of them again. */
  readonly star: '' | '*' | '+' | '?';
}

interface Frame {
  source: string;
  cost: number;
  depth: number;
  repeats: number;
}

/**
 * Translates a POSIX extended regular expression (POSIX 9.4, with the extensions of the GNU library that the original daemon had)
 * to RE2. Linear in the length of the pattern. `newline` is REG_NEWLINE, and at the same time the dialect of FIND (cce 6.10), which
 * understands `\d`, `\D` and `(?:`.
 */
export function translateEre(pattern: string, newline: boolean): Translation {
  return new Translator(pattern, newline).run();
}

class Translator {
  readonly #pattern: string;
  readonly #newline: boolean;
  readonly #open: Frame[] = [];
  #frame: Frame = emptyFrame();
  /** Not yet part of the frame, since a repeat may follow. */
  #atom: Atom | undefined;
  #at = 0;
  #reason = '';

  constructor(pattern: string, newline: boolean) {
    this.#pattern = pattern;
    this.#newline = newline;
  }

  run(): Translation {
    while (this.#at < this.#pattern.length && this.#reason === '') this.#step(this.#pattern.charAt(this.#at));
    if (this.#reason === '' && this.#open.length > 0) this.#reason = 'unmatched (';
    if (this.#reason !== '') return { ok: false, reason: this.#reason };
    this.#flush();
    return { ok: true, source: this.#frame.source, cost: this.#frame.cost };
  }

  #step(char: string): void {
    switch (char) {
      case '*':
      case '+':
      case '?':
        this.#star(char);
        break;
      case '{':
        this.#interval();
        break;
      case '(':
        this.#openGroup();
        break;
      case ')':
        if (this.#open.length > 0) this.#closeGroup();
        else this.#literal();
        break;
      case '[':
        this.#bracket();
        break;
      case '\\':
        this.#escape();
        break;
      case '|':
        this.#anchor('|');
        break;
      case '^':
        this.#anchor(this.#newline ? '(?m:^)' : '\\A');
        break;
      case '$':
        this.#anchor(this.#newline ? '(?m:$)' : '\\z');
        break;
      case '.':
        this.#single(this.#newline ? '[^\\x{a}]' : '(?s:.)', 1);
        break;
      default:
        this.#literal();
    }
  }

  /** No repeat may follow: GNU refuses `^*` and `|*`, POSIX leaves them undefined. */
  #anchor(source: string): void {
    this.#flush();
    this.#frame.source += source;
    this.#frame.cost += 1;
    this.#at += 1;
  }

  #literal(): void {
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#single(literal(code), code > 0xffff ? 2 : 1);
  }

  #single(source: string, length: number): void {
    this.#push({ source, cost: 1, depth: 0, repeats: 1, star: '' });
    this.#at += length;
  }

  #push(atom: Atom): void {
    this.#flush();
    this.#atom = atom;
  }

  #flush(): void {
    const atom = this.#atom;
    if (!atom) return;
    this.#atom = undefined;
    this.#frame.source += atom.source;
    this.#frame.cost += atom.cost;
    this.#frame.depth = Math.max(this.#frame.depth, atom.depth);
    this.#frame.repeats = Math.max(this.#frame.repeats, atom.repeats);
  }

  #bracket(): void {
    const bracket = bracketAt(this.#pattern, this.#at, { newline: this.#newline, perlClasses: this.#newline });
    if (!bracket.ok) {
      this.#fail(bracket.reason);
      return;
    }
    this.#single(bracket.source, bracket.end - this.#at);
  }

  #openGroup(): void {
    this.#flush();
    this.#open.push(this.#frame);
    if (this.#open.length > DEEPEST) {
      this.#fail('nested too deeply');
      return;
    }
    this.#frame = emptyFrame();
    this.#at += this.#newline && this.#pattern.startsWith('(?:', this.#at) ? 3 : 1;
  }

  #closeGroup(): void {
    this.#flush();
    const inner = this.#frame;
    this.#frame = this.#open.pop() ?? emptyFrame();
    const depth = inner.depth + 1;
    if (depth > DEEPEST) {
      this.#fail('nested too deeply');
      return;
    }
    this.#atom = { source: `(?:${inner.source})`, cost: inner.cost, depth, repeats: inner.repeats, star: '' };
    this.#at += 1;
  }

  #star(char: '*' | '+' | '?'): void {
    const atom = this.#atom;
    if (!atom) {
      this.#fail(`nothing to repeat before ${char}`);
      return;
    }
    this.#at += 1;
    if (atom.star === '') {
      this.#atom = { ...atom, source: `${atom.source}${char}`, cost: atom.cost + 1, depth: atom.depth + 1, star: char };
      return;
    }
    const star = atom.star === char ? char : '*';
    this.#atom = { ...atom, source: `${atom.source.slice(0, -1)}${star}`, star };
  }

  /** GNU reads `{,m}` as `{0,m}`. */
  #interval(): void {
    const atom = this.#atom;
    if (!atom) {
      this.#fail('nothing to repeat before {');
      return;
    }
    INTERVAL.lastIndex = this.#at;
    const match = INTERVAL.exec(this.#pattern);
    const [text = '', least = '', comma = '', most = ''] = match ?? [];
    if (!match || (least === '' && comma === '')) {
      this.#fail('invalid content of {}');
      return;
    }
    const from = Number(least);
    const to = highest(from, comma, most);
    if (to < from) {
      this.#fail('invalid content of {}');
      return;
    }
    const repeats = atom.repeats * Math.max(1, Number.isFinite(to) ? to : from);
    if (repeats > MOST_REPEATS) {
      this.#fail(`more than ${MOST_REPEATS} repeats`);
      return;
    }
    this.#at += text.length;
    this.#atom = {
      // In a group of its own, since RE2 takes a sign behind an interval as part of it.
      source: `(?:(?:${atom.source}){${from}${rest(from, to)}})`,
      cost: (atom.cost + 1) * Math.max(1, Number.isFinite(to) ? to : from + 1),
      depth: atom.depth + 2,
      repeats,
      star: '',
    };
    if (atom.depth > DEEPEST) this.#fail('nested too deeply');
  }

  #escape(): void {
    const char = this.#pattern.charAt(this.#at + 1);
    if (char === '') {
      this.#fail('trailing backslash');
      return;
    }
    if (char >= '1' && char <= '9') {
      this.#fail('back references are not supported');
      return;
    }
    const boundary = boundaryOf(char);
    if (boundary !== '') {
      this.#anchor(boundary);
      this.#at += 1;
      return;
    }
    const isClass = Object.hasOwn(PERL_CLASSES, char) && (this.#newline || !/[dD]/.test(char));
    if (isClass) {
      this.#single(`[${PERL_CLASSES[char] ?? ''}]`, 2);
      return;
    }
    this.#at += 1;
    this.#literal();
  }

  #fail(reason: string): void {
    if (this.#reason === '') this.#reason = reason;
  }
}

function emptyFrame(): Frame {
  return { source: '', cost: 0, depth: 0, repeats: 1 };
}

function highest(from: number, comma: string, most: string): number {
  if (comma === '') return from;
  return most === '' ? Number.POSITIVE_INFINITY : Number(most);
}

function rest(from: number, to: number): string {
  if (from === to) return '';
  return Number.isFinite(to) ? `,${to}` : ',';
}

/** GNU: `\b \B \< \>` at words, a back-quote and an apostrophe at the ends of the text. */
function boundaryOf(char: string): string {
  if (char === 'b' || char === '<' || char === '>') return '\\b';
  if (char === 'B') return '\\B';
  if (char === '`') return '\\A';
  return char === "'" ? '\\z' : '';
}
