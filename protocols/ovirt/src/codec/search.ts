import { codecError } from '../errors.ts';
import { type SearchToken, tokenizeSearch } from './search-tokens.ts';

/** A search expression; `text` is a word without a field, which some collections look for everywhere. */
export type Expression =
  | { readonly kind: 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'equal' | 'unequal'; readonly field: string; readonly value: string }
  | { readonly kind: 'text'; readonly value: string };

export interface Search {
  /** Absent: everything matches. */
  readonly expression?: Expression;
  /** From 1. */
  readonly page?: number;
  readonly sortBy?: { readonly field: string; readonly descending: boolean };
}

export interface SearchRules {
  /** Fields that may be asked for, lower case. */
  readonly fields: readonly string[];
  /** Whether words without a field are allowed (events). */
  readonly freeText?: boolean;
}

const MAX_NESTING = 32;

/**
 * Parses a search (oVirt 2.6): `name=a* and (status!=up or tag="x y") sortby name desc page 2`; `and` binds more than `or`.
 * Throws `OVIRT_WIRE_BAD_SEARCH` for anything else, a field that is not in the rules included.
 */
export function parseSearch(text: string | undefined, rules: SearchRules): Search {
  const parser = new SearchParser(tokenizeSearch(text ?? ''), rules);
  return parser.parse();
}

export interface MatchOptions {
  /** Parameter `case_sensitive`; true when absent. */
  readonly caseSensitive?: boolean | undefined;
}

/**
 * Whether an object fits. `getField` gives the value, or all values, of a field (`text` asks with an empty name, for everything that can
 * be searched); a field without value equals nothing. `*` stands for any characters.
 */
export function matches(
  expression: Expression | undefined,
  getField: (field: string) => string | readonly string[] | undefined,
  options: MatchOptions = {},
): boolean {
  if (expression === undefined) return true;
  if (expression.kind === 'and') return matches(expression.left, getField, options) && matches(expression.right, getField, options);
  if (expression.kind === 'or') return matches(expression.left, getField, options) || matches(expression.right, getField, options);
  const sensitive = options.caseSensitive ?? true;
  if (expression.kind === 'text') return valuesOf(getField('')).some((value) => fits(`*${expression.value}*`, value, false));
  const equal = valuesOf(getField(expression.field)).some((value) => fits(expression.value, value, sensitive));
  return expression.kind === 'equal' ? equal : !equal;
}

function valuesOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** A pattern with `*` against a text, in time proportional to their product at worst. */
function fits(pattern: string, text: string, sensitive: boolean): boolean {
  const [first = '', ...rest] = (sensitive ? pattern : pattern.toLowerCase()).split('*');
  const subject = sensitive ? text : text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return subject === first;
  if (!subject.startsWith(first) || subject.length < first.length + last.length || !subject.endsWith(last)) return false;
  const end = subject.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = subject.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

class SearchParser {
  readonly #tokens: readonly SearchToken[];
  readonly #rules: SearchRules;
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly SearchToken[], rules: SearchRules) {
    this.#tokens = tokens;
    this.#rules = rules;
  }

  parse(): Search {
    const expression = this.#peek() === undefined || this.#atClause() ? undefined : this.#or();
    const sortBy = this.#sortBy();
    const page = this.#page();
    if (this.#peek() !== undefined) throw this.#unexpected();
    return { ...(expression && { expression }), ...(sortBy && { sortBy }), ...(page !== undefined && { page }) };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#term();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#term() };
    return left;
  }

  #term(): Expression {
    if (this.#takeSymbol('(')) return this.#group();
    const token = this.#take('a field');
    if (token.kind === 'symbol') throw badSearch(`unexpected ${token.text}`);
    if (this.#takeSymbol('=')) return this.#comparison('equal', token);
    if (this.#takeSymbol('!=')) return this.#comparison('unequal', token);
    if (this.#rules.freeText !== true) throw badSearch(`${token.text} is no comparison`);
    return { kind: 'text', value: token.text };
  }

  #group(): Expression {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) throw badSearch('too many brackets');
    const inner = this.#or();
    if (!this.#takeSymbol(')')) throw badSearch('a closing bracket is missing');
    this.#nesting -= 1;
    return inner;
  }

  #comparison(kind: 'equal' | 'unequal', token: SearchToken): Expression {
    const field = this.#field(token);
    const value = this.#take('a value');
    if (value.kind === 'symbol') throw badSearch(`${field} has no value`);
    return { kind, field, value: value.text };
  }

  #field(token: SearchToken): string {
    const field = token.text.toLowerCase();
    if (token.kind !== 'word' || !this.#rules.fields.includes(field)) throw badSearch(`there is no field ${token.text} to search by`);
    return field;
  }

  #sortBy(): Search['sortBy'] {
    if (!this.#takeWord('sortby')) return undefined;
    const field = this.#field(this.#take('a field to sort by'));
    const descending = this.#takeWord('desc');
    if (!descending) this.#takeWord('asc');
    return { field, descending };
  }

  #page(): number | undefined {
    if (!this.#takeWord('page')) return undefined;
    const text = this.#take('a page number').text;
    const page = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (page < 1) throw badSearch('the page is not a number from 1 on');
    return page;
  }

  /** `page` and `sortby` begin a clause unless they are compared with something. */
  #atClause(): boolean {
    const next = this.#tokens[this.#at + 1];
    const compared = next?.kind === 'symbol' && next.text !== '(' && next.text !== ')';
    return ['page', 'sortby'].some((word) => this.#isWord(word)) && !compared;
  }

  #peek(): SearchToken | undefined {
    return this.#tokens[this.#at];
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  #takeSymbol(symbol: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #take(wanted: string): SearchToken {
    const token = this.#peek();
    if (token === undefined) throw badSearch(`${wanted} is missing at the end`);
    this.#at += 1;
    return token;
  }

  #unexpected(): Error {
    return badSearch(`unexpected ${this.#peek()?.text ?? 'end'}`);
  }
}

function badSearch(detail: string): Error {
  return codecError('OVIRT_WIRE_BAD_SEARCH', 'Invalid search', `The search cannot be understood: ${detail}.`);
}
