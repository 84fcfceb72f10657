import type { Token } from './lexer.ts';
import { isSortType } from './names.ts';
import type { Criterion, Operation, Sort } from './operation.ts';

/** Words of FIND that are about the order (cce 1.7). */
const SORT_WORDS = new Set(['SORT', 'SORTNUM', 'SORTTYPE', 'SORTPROP']);

/** What FIND said so far about the order. */
interface SortWishes {
  short?: Sort;
  type?: string;
  property?: string;
}

/** FIND's class, sort words and criteria, in whatever order the latter two come (cce 1.7); undefined when they are not. */
export function readFind(tokens: readonly Token[]): Operation | undefined {
  const [name] = tokens;
  if (name?.kind !== 'value') return undefined;
  const reader = new TokenReader(tokens, 1);
  const criteria: Criterion[] = [];
  const wishes: SortWishes = {};
  while (!reader.atEnd) {
    const word = reader.sortWord();
    const understood = word === undefined ? readCriterion(reader, criteria) : readSortWord(word, reader, wishes);
    if (!understood) return undefined;
  }
  if ((wishes.type === undefined) !== (wishes.property === undefined)) return undefined;
  return { verb: 'FIND', class: name.text, criteria, sort: chosen(wishes) };
}

function chosen({ short, type, property }: SortWishes): Sort | undefined {
  return type !== undefined && property !== undefined ? { type, property } : short;
}

function readSortWord(word: string, reader: TokenReader, wishes: SortWishes): boolean {
  if (word === 'SORTTYPE') {
    const type = reader.value();
    if (type === undefined || !isSortType(type)) return false;
    wishes.type = type;
    return true;
  }
  const property = reader.qualifiedName();
  if (property === undefined) return false;
  if (word === 'SORTPROP') wishes.property = property;
  else wishes.short = { type: word === 'SORT' ? 'ascii' : 'old_numeric', property };
  return true;
}

function readCriterion(reader: TokenReader, criteria: Criterion[]): boolean {
  const key = reader.qualifiedName();
  const operator = reader.symbol();
  const value = reader.value();
  if (key === undefined || value === undefined || (operator !== '=' && operator !== '~')) return false;
  criteria.push({ key, match: operator === '=' ? 'equals' : 'regex', value });
  return true;
}

/** Takes tokens one after the other; each method answers undefined when something else is there. */
class TokenReader {
  readonly #tokens: readonly Token[];
  #at: number;

  constructor(tokens: readonly Token[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** A sort word, in capitals. What an operator follows is a property of that name. */
  sortWord(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'value') return undefined;
    const word = token.text.toUpperCase();
    if (!SORT_WORDS.has(word) || this.#tokens[this.#at + 1]?.kind === 'symbol') return undefined;
    this.#at += 1;
    return word;
  }

  value(): string | undefined {
    return this.#take('value');
  }

  symbol(): string | undefined {
    return this.#take('symbol');
  }

  /** `property` or `Namespace . property`. */
  qualifiedName(): string | undefined {
    const first = this.#take('value');
    const dot = this.#tokens[this.#at];
    if (first === undefined || dot?.kind !== 'symbol' || dot.text !== '.') return first;
    this.#at += 1;
    const second = this.#take('value');
    return second === undefined ? undefined : `${first}.${second}`;
  }

  #take(kind: Token['kind']): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at += 1;
    return token.text;
  }
}
