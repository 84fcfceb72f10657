import { expect, test } from 'vitest';
import { told } from '../../test/planted.ts';
import { readKnipReport } from './unused.ts';

function read(issues: readonly unknown[], code = 1): string[] {
  return told(readKnipReport({ code, stdout: JSON.stringify({ issues }), stderr: '' }).findings);
}

test('a clean report has no finding', () => {
  expect(read([], 0)).toEqual([]);
});

test('unused files, exports and types are findings', () => {
  expect(
    read([
      { file: 'a/old.ts', files: [{ name: 'a/old.ts' }] },
      {
        file: 'a/b.ts',
        exports: [{ name: 'forgotten', line: 4 }],
        types: [{ name: 'Forgotten', line: 9 }],
        duplicates: [[{ name: 'x' }, { name: 'y' }]],
      },
    ]),
  ).toEqual([
    'a/old.ts: no one imports this file',
    'a/b.ts: no one imports this export: forgotten',
    'a/b.ts: no one imports this type: Forgotten',
    'a/b.ts: exported twice: x',
    'a/b.ts: exported twice: y',
  ]);
});

test('unused tools of the root are findings; those of packages belong to another check', () => {
  const devDependencies = [{ name: 'left-pad', line: 3 }];

  expect(read([{ file: 'package.json', devDependencies }])).toEqual(['package.json: unused development dependency: left-pad']);
});

test.each([
  ['no report', { code: 2, stdout: '', stderr: 'Invalid configuration' }],
  ['a failure that the report does not explain', { code: 2, stdout: '{"issues":[]}', stderr: 'x' }],
])('%s is a finding', (_what, result) => {
  expect(readKnipReport(result).findings).toHaveLength(1);
});
