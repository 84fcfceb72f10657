import { expect, test } from 'vitest';
import { readCompilerReport } from './types.ts';

test('a silent compiler has no finding', () => {
  expect(readCompilerReport({ code: 0, stdout: '', stderr: '' }, [])).toEqual({ findings: [], notes: [] });
});

test('each diagnostic is a finding with its place', () => {
  const stdout = "packages/a/src/b.ts(7,21): error TS2307: Cannot find module 'x'.\n  more words\n";

  expect(readCompilerReport({ code: 1, stdout, stderr: '' }, []).findings).toEqual([
    { file: 'packages/a/src/b.ts', line: 7, text: "Cannot find module 'x'. (TS2307)" },
  ]);
});

test('a package without sources is a note, a package that lost its sources is not', () => {
  const stdout = "error TS18003: No inputs were found in config file '/x/bench/tsconfig.json'.";

  expect(readCompilerReport({ code: 1, stdout, stderr: '' }, ['bench'])).toEqual({
    findings: [],
    notes: ["no sources yet: No inputs were found in config file '/x/bench/tsconfig.json'."],
  });
  expect(readCompilerReport({ code: 1, stdout, stderr: '' }, []).findings).toHaveLength(1);
});

test('a compiler that fails without a word is a finding', () => {
  expect(readCompilerReport({ code: 2, stdout: '', stderr: 'out of memory' }, []).findings).toEqual([
    { text: 'tsc ended with 2: out of memory' },
  ]);
});
