import { expect, test } from 'vitest';
import { closingLine, StepLines, sum } from './step-lines.ts';

function count(lines: readonly string[], code: number | null): string {
  const steps = new StepLines();
  for (const line of lines) steps.read(line);
  return closingLine(steps.end(code));
}

test('counts each step by its first word', () => {
  expect(count(['passed  login  (0.1 s)', 'failed  backup  Fault', '  Traceback', 'skipped  upload  no room'], 1)).toBe(
    '1 passed, 1 failed, 1 skipped',
  );
});

test.each([
  [['passed  login'], 1, '1 passed, 1 failed, 0 skipped'],
  [['passed  login'], null, '1 passed, 1 failed, 0 skipped'],
  [[], 0, '0 passed, 1 failed, 0 skipped'],
  [['passed  login'], 0, '1 passed, 0 failed, 0 skipped'],
])('%j with exit code %s makes %s', (lines, code, line) => {
  expect(count(lines, code)).toBe(line);
});

test('sums the totals of several clients', () => {
  expect(
    sum([
      { passed: 2, failed: 0, skipped: 1 },
      { passed: 3, failed: 1, skipped: 0 },
    ]),
  ).toEqual({ passed: 5, failed: 1, skipped: 1 });
});
