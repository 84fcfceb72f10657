import { expect, test } from 'vitest';
import { checkCounts, closingLine, failedLines, whole } from './steps.ts';
import { vitestCounts, vitestFailures } from './vitest-report.ts';

test('reads the last closing line of a step', () => {
  expect(closingLine('1 passed, 0 failed\nmore\n12 passed, 3 failed, 1 skipped\n', 1)).toEqual({ passed: 12, failed: 3, skipped: 1 });
});

test('a step that ended badly without a failed count still fails', () => {
  expect(closingLine('12 passed, 0 failed\n', 1)).toEqual({ passed: 12, failed: 1, skipped: 0 });
  expect(closingLine('crashed', 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a vitest report that is absent or says nothing of a bad end is a failure', () => {
  expect(vitestCounts('{}', 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(vitestCounts('{"numPassedTests":5,"numFailedTests":0,"numPendingTests":2}', 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  expect(vitestCounts('{"numPassedTests":5,"numFailedTests":0}', 1)).toMatchObject({ failed: 1 });
});

test('a whole step counts once', async () => {
  expect(await whole('demo', 'x').count(0, '')).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(await whole('demo', 'x').count(2, '')).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('each check counts', () => {
  expect(checkCounts('errors  ok\n7 of 9 checks ok\n')).toEqual({ passed: 7, failed: 2, skipped: 0 });
  expect(checkCounts('crashed')).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the failures of a report are named by file, title and first line, files that could not be loaded too', () => {
  const report = {
    testResults: [
      {
        name: '/home/x/a.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'good', status: 'passed' },
          { fullName: 'bad', status: 'failed', failureMessages: ['Error: no\n  at x'] },
        ],
      },
      { name: '/home/x/b.test.ts', status: 'failed', message: 'SyntaxError: what', assertionResults: [] },
      { name: '/home/x/c.test.ts', status: 'passed', assertionResults: [{ fullName: 'good', status: 'passed' }] },
    ],
  };
  expect(vitestFailures(JSON.stringify(report), '/home/x')).toEqual([
    { file: 'a.test.ts', title: 'bad', message: 'Error: no' },
    { file: 'b.test.ts', title: '(the file itself)', message: 'SyntaxError: what' },
  ]);
});

test('the failed steps of a conformance run are kept for the end', () => {
  expect(failedLines('passed  a\nfailed  b  why\n3 passed, 1 failed\n')).toEqual(['failed  b  why']);
});
