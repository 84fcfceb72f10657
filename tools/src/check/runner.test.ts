import { expect, test } from 'vitest';
import type { Check } from './check.ts';
import { runChecks } from './runner.ts';

const green: Check = { name: 'green', holds: 'all is well', run: async () => ({ findings: [], notes: ['1 thing read'] }) };
const red: Check = {
  name: 'red',
  holds: 'nothing is wrong',
  run: async () => ({ findings: [{ file: 'a.ts', line: 3, text: 'is wrong' }], notes: [] }),
};
const broken: Check = { name: 'broken', holds: 'never seen', run: () => Promise.reject(new Error('no such program')) };

async function run(checks: readonly Check[]): Promise<{ failed: number; lines: string[] }> {
  const lines: string[] = [];
  let ms = 0;
  const failed = await runChecks(checks, {
    root: '/',
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    now: () => (ms += 5),
  });
  return { failed, lines };
}

test('prints one line for each check, its notes and what it found', async () => {
  const { failed, lines } = await run([green, red]);

  expect(failed).toBe(1);
  expect(lines).toEqual([
    'green        ok          5 ms  all is well',
    '             1 thing read',
    'red          failed      5 ms  1 finding; should hold: nothing is wrong',
    '  ! a.ts:3  is wrong',
    '1 of 2 checks ok',
  ]);
});

test('a check that cannot look at all has failed', async () => {
  const { failed, lines } = await run([broken]);

  expect(failed).toBe(1);
  expect(lines).toContain('  ! the check itself failed: no such program');
});
