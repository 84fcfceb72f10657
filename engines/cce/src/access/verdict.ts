import type { Expression, Step } from './expression.ts';

/**
 * What an expression answers. `unknown`: it depends on a rule that nobody knows, which denies, also under NOT (cce 3.3).
 * `loop`: a rule came to itself, which denies whatever else the expression says.
 */
export type Verdict = boolean | 'unknown' | 'loop';

type Rule = Extract<Expression, { kind: 'rule' }>;

/** Answers one rule of an expression; a promise only when it must. */
export type AskRule = (rule: Rule) => Verdict | Promise<Verdict>;

/** Evaluates from the left and asks no rule whose answer cannot matter. */
export function evaluate(expression: Expression, ask: AskRule): Verdict | Promise<Verdict> {
  if (expression.kind === 'rule') return ask(expression);
  if (expression.kind === 'chain') return evaluateSteps(expression.steps, ask, { at: 0, before: false });
  const verdict = evaluate(expression.of, ask);
  return verdict instanceof Promise ? verdict.then(negate) : negate(verdict);
}

interface Progress {
  readonly at: number;
  /** What the steps before say. */
  readonly before: Verdict;
}

function evaluateSteps(steps: readonly Step[], ask: AskRule, progress: Progress): Verdict | Promise<Verdict> {
  let verdict = progress.before;
  for (let at = progress.at; at < steps.length && verdict !== 'loop'; at += 1) {
    const step = steps[at];
    if (!step || verdict === (step.join === 'or')) continue;
    const next = evaluate(step.term, ask);
    if (next instanceof Promise) return continueLater(steps, ask, { at, before: verdict }, next);
    verdict = join(step.join, verdict, next);
  }
  return verdict;
}

async function continueLater(steps: readonly Step[], ask: AskRule, progress: Progress, pending: Promise<Verdict>): Promise<Verdict> {
  const before = join(steps[progress.at]?.join ?? 'and', progress.before, await pending);
  return evaluateSteps(steps, ask, { at: progress.at + 1, before });
}

/** Kleene's logic with `unknown` as its third value; `before` does not decide alone. */
function join(how: Step['join'], before: Verdict, next: Verdict): Verdict {
  if (next === 'loop' || next === 'unknown') return next;
  const isDecided = next === (how === 'or');
  return isDecided ? next : before;
}

function negate(verdict: Verdict): Verdict {
  return typeof verdict === 'boolean' ? !verdict : verdict;
}
