import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Expression, parseExpression, rulesOf } from './expression.ts';

const WORDS = ['ruleAll', 'ruleCapable(a)', 'not ', '!', ' AND ', ' or ', ',', '(', ')', '(.a,.B.c)', 'and', 'notx', '\t'];

/** The shortest text with this meaning. */
function written(expression: Expression): string {
  if (expression.kind === 'rule')
    return expression.args.length === 0 ? expression.name : `${expression.name}(${expression.args.join(',')})`;
  if (expression.kind === 'not') return `!(${written(expression.of)})`;
  return `(${expression.steps.map(({ join, term }, index) => (index === 0 ? '' : ` ${join} `) + written(term)).join('')})`;
}

/** Without chains of one, which parentheses leave behind. */
function bare(expression: Expression): Expression {
  if (expression.kind === 'rule') return expression;
  if (expression.kind === 'not') return { kind: 'not', of: bare(expression.of) };
  const steps = expression.steps.map(({ join, term }) => ({ join, term: bare(term) }));
  const [only] = steps;
  return steps.length === 1 && only !== undefined ? only.term : { kind: 'chain', steps };
}

test('any rule is refused with a reason, or means the same when it is written anew', async () => {
  await fuzz(
    'engine-cce.rules',
    fc.oneof(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join('')),
      hostileText({ maxLength: 60, words: WORDS }),
    ),
    (text) => {
      const parsed = parseExpression(text);
      if (!parsed.ok) {
        expect(parsed.reason).not.toBe('');
        return false;
      }
      expect(rulesOf(parsed.expression).length).toBeGreaterThan(0);
      const again = parseExpression(written(bare(parsed.expression)));
      // Written with more parentheses than before, it may lie deeper than is read.
      if (!again.ok) expect(again.reason).toContain('deep');
      else expect(bare(again.expression)).toEqual(bare(parsed.expression));
      return true;
    },
    { someAccepted: true },
  );
});
