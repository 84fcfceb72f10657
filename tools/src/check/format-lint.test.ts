import { expect, test } from 'vitest';
import { told } from '../../test/planted.ts';
import { readBiomeReport } from './format-lint.ts';

const summary = { changed: 0, unchanged: 12 };

function read(diagnostics: readonly unknown[], code = 0): { findings: string[]; notes: readonly string[] } {
  const { findings, notes } = readBiomeReport({ code, stdout: JSON.stringify({ summary, diagnostics }), stderr: '' });
  return { findings: told(findings), notes };
}

const location = { path: 'a/b.ts', start: { line: 3, column: 1 } };

test('a clean report has no finding', () => {
  expect(read([])).toEqual({ findings: [], notes: ['12 files, 0 warnings'] });
});

test('an error is a finding', () => {
  expect(read([{ severity: 'error', category: 'lint/suspicious/noConsole', message: "Don't use console.", location }], 1).findings).toEqual(
    ["a/b.ts: Don't use console. (lint/suspicious/noConsole)"],
  );
});

test('an unformatted file is a finding', () => {
  expect(read([{ severity: 'error', category: 'format', message: 'Formatter would …', location }], 1).findings).toEqual([
    'a/b.ts: is not formatted: run `biome check --write`',
  ]);
});

test('a long function is counted and named, and does not fail', () => {
  const warning = { severity: 'warning', category: 'lint/complexity/noExcessiveLinesPerFunction', message: 'Too long.', location };

  expect(read([warning])).toEqual({
    findings: [],
    notes: ['12 files, 1 warnings', 'warning: a/b.ts:3  Too long. (lint/complexity/noExcessiveLinesPerFunction)'],
  });
});

test.each([
  ['no report at all', { code: 127, stdout: '', stderr: 'not found' }],
  ['a broken report', { code: 1, stdout: '{"summary":', stderr: '' }],
  ['a report over no file', { code: 0, stdout: '{"summary":{"changed":0,"unchanged":0},"diagnostics":[]}', stderr: '' }],
  [
    'a failure that the report does not explain',
    { code: 1, stdout: '{"summary":{"changed":0,"unchanged":9},"diagnostics":[]}', stderr: 'x' },
  ],
])('%s is a finding', (_what, result) => {
  expect(readBiomeReport(result).findings).toHaveLength(1);
});
