import { describe, expect, test } from 'vitest';
import { type Expression, parseExpression, rulesOf } from './index.ts';

/** The tree as text, with the grouping shown. */
function shown(expression: Expression): string {
  if (expression.kind === 'not') return `!${shown(expression.of)}`;
  if (expression.kind === 'rule')
    return expression.args.length === 0 ? expression.name : `${expression.name}<${expression.args.join('|')}>`;
  const [first, ...rest] = expression.steps;
  return rest.reduce((left, { join, term }) => `(${left} ${join} ${shown(term)})`, first ? shown(first.term) : '');
}

function read(text: string): string {
  const parsed = parseExpression(text);
  return parsed.ok ? shown(parsed.expression) : `bad: ${parsed.reason}`;
}

describe('cce 17.60: AND, OR and the comma have the same rank and group to the left', () => {
  test.each([
    ['a or b and c', '((a or b) and c)'],
    ['a and b or c', '((a and b) or c)'],
    ['a,b AND c', '((a or b) and c)'],
    ['a or (b and c)', '(a or (b and c))'],
    ['a Or NOT b aNd !c', '((a or !b) and !c)'],
    ['NOT (a,b) or c', '(!(a or b) or c)'],
    ['not not a', 'a'],
    ['!not !a', '!a'],
    ['ruleCapable(adminUser) AND NOT x', '(ruleCapable<adminUser> and !x)'],
    ['r (.a, Ns.b ) , q()', '(r<.a|Ns.b> or q)'],
    ['  a\n\tor\n  b  ', '(a or b)'],
    ['((((a))))', 'a'],
    ['android,nothing,orange', '((android or nothing) or orange)'],
  ])('%s', (text, tree) => {
    expect(read(text)).toBe(tree);
  });
});

test.each([
  ['', 'a rule is missing at 1'],
  ['a,', 'a rule is missing at 3'],
  ['a b', 'AND, OR or a comma is missing at 3'],
  ['a or', 'a rule is missing at 5'],
  ['and a', 'a rule is missing at 4'],
  ['a or or b', 'a rule is missing at 8'],
  ['(a', '")" is missing'],
  ['a(b', '")" is missing'],
  ['a)', 'unexpected ")" at 2'],
  ['NOT', 'a rule is missing at 4'],
  [`${'('.repeat(60)}a${')'.repeat(60)}`, 'nested too deeply'],
])('%s cannot be read', (text, reason) => {
  expect(read(text)).toBe(`bad: ${reason}`);
});

test('a very long expression is read and looked at without deep calls', () => {
  const parsed = parseExpression(Array.from({ length: 50_000 }, (_, at) => `r${at}`).join(' or '));
  expect(parsed.ok && rulesOf(parsed.expression).length).toBe(50_000);
  expect(read(`${'!'.repeat(100_000)}a`)).toBe('a');
});

test('the rules of an expression are known with the NOT before them', () => {
  const parsed = parseExpression('a or NOT (b and NOT c)');
  expect(parsed.ok && rulesOf(parsed.expression)).toEqual([
    { name: 'a', isNegated: false },
    { name: 'b', isNegated: true },
    { name: 'c', isNegated: true },
  ]);
});
