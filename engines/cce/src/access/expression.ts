/** A rule expression (cce 3.3) as a tree. `chain`: terms from left to right, each joined to all that stand before it. */
export type Expression =
  | { readonly kind: 'rule'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'chain'; readonly steps: readonly Step[] };

export interface Step {
  /** How it joins what stands before it; the first one is `or`, joined to nothing. */
  readonly join: 'and' | 'or';
  readonly term: Expression;
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  /** Denies (cce 3.3 knows no other answer for what cannot be read). */
  | { readonly ok: false; readonly reason: string };

const DEEPEST = 50;
const SPACE = /\s*/y;
const WORD = /[^\s(),!]+/y;

/**
 * Reads the value of an ACL attribute or of a rule of type `acl`. AND, OR and the comma have the same rank and group to the left.
 * Linear; never throws.
 */
export function parseExpression(text: string): ParsedExpression {
  const parser = new Parser(text);
  const expression = parser.chain(0);
  if (!expression) return { ok: false, reason: parser.reason };
  return parser.isAtEnd() ? { ok: true, expression } : { ok: false, reason: `unexpected ")" at ${parser.at + 1}` };
}

class Parser {
  readonly #text: string;
  at = 0;
  reason = '';

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#skipSpace();
    return this.at >= this.#text.length;
  }

  /** Terms up to the end or a closing parenthesis, which stays. Undefined with a reason when there is something else. */
  chain(depth: number): Expression | undefined {
    if (depth > DEEPEST) return this.#fail('nested too deeply');
    const steps: Step[] = [];
    let join: Step['join'] | undefined = 'or';
    while (join) {
      const term = this.#term(depth);
      if (!term) return undefined;
      steps.push({ join, term });
      if (this.isAtEnd() || this.#text.charAt(this.at) === ')') break;
      join = this.#join();
    }
    if (!join) return this.#fail(`AND, OR or a comma is missing at ${this.at + 1}`);
    const [only] = steps;
    return steps.length === 1 && only ? only.term : { kind: 'chain', steps };
  }

  #join(): Step['join'] | undefined {
    if (this.#text.charAt(this.at) === ',') {
      this.at += 1;
      return 'or';
    }
    const start = this.at;
    const word = this.#word().toLowerCase();
    if (word === 'and' || word === 'or') return word;
    this.at = start;
    return undefined;
  }

  #term(depth: number): Expression | undefined {
    const isNegated = this.#negation();
    const of = this.#plainTerm(depth);
    return of && isNegated ? { kind: 'not', of } : of;
  }

  /** Eats NOT and `!`, also several; whether they negate. */
  #negation(): boolean {
    let isNegated = false;
    for (;;) {
      this.#skipSpace();
      const start = this.at;
      if (this.#text.charAt(this.at) === '!') {
        this.at += 1;
      } else if (this.#word().toLowerCase() !== 'not') {
        this.at = start;
        return isNegated;
      }
      isNegated = !isNegated;
    }
  }

  #plainTerm(depth: number): Expression | undefined {
    if (this.#text.charAt(this.at) === '(') {
      this.at += 1;
      const inner = this.chain(depth + 1);
      if (!inner) return undefined;
      if (this.#text.charAt(this.at) !== ')') return this.#fail('")" is missing');
      this.at += 1;
      return inner;
    }
    const name = this.#word();
    if (name === '' || /^(?:and|or)$/i.test(name)) return this.#fail(`a rule is missing at ${this.at + 1}`);
    const args = this.#args();
    return args && { kind: 'rule', name, args };
  }

  /** What stands in parentheses behind the name of a rule; without them nothing. */
  #args(): readonly string[] | undefined {
    const start = this.at;
    this.#skipSpace();
    if (this.#text.charAt(this.at) !== '(') {
      this.at = start;
      return [];
    }
    const end = this.#text.indexOf(')', this.at);
    if (end < 0) {
      this.#fail('")" is missing');
      return undefined;
    }
    const inner = this.#text.slice(this.at + 1, end).trim();
    this.at = end + 1;
    return inner === '' ? [] : inner.split(',').map((arg) => arg.trim());
  }

  #word(): string {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.#text)?.[0] ?? '';
    this.at += word.length;
    return word;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #fail(reason: string): undefined {
    if (this.reason === '') this.reason = reason;
    return undefined;
  }
}

/** A rule that an expression names, and whether NOT stands before it. */
export interface NamedRule {
  readonly name: string;
  readonly isNegated: boolean;
}

/** The rules that an expression names. */
export function rulesOf(expression: Expression, isNegated = false): readonly NamedRule[] {
  if (expression.kind === 'rule') return [{ name: expression.name, isNegated }];
  if (expression.kind === 'not') return rulesOf(expression.of, true);
  return expression.steps.flatMap((step) => rulesOf(step.term, isNegated));
}
