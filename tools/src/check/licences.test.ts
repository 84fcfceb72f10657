import { expect, test } from 'vitest';
import { manifestOf, plant, told } from '../../test/planted.ts';
import { checkLicences, type LicenceInput } from './licences.ts';

const LINE = '| `pg` | the driver | MIT | 0.2 MB | Brian Carlson | nothing |';
const { packages } = plant({
  'packages/kernel': { manifest: manifestOf('@fairlead/kernel', [], { dependencies: { pg: '8.23.1' } }), files: {} },
  'packages/testkit': { manifest: manifestOf('@fairlead/testkit', [], { dependencies: { vitest: '5.1.1' } }), files: {} },
  'bridges/ovirt': { manifest: manifestOf('@fairlead/bridge-ovirt', [], { dependencies: { '@fairlead/kernel': '0.1.0' } }), files: {} },
});
const good: LicenceInput = { packages, list: LINE, installed: { pg: { license: 'MIT' } }, lock: { packages: {} } };

const check = (change: Partial<LicenceInput>): string[] => told(checkLicences({ ...good, ...change }).findings);

test('a full list has no finding; our own packages and what only tests need are not in it', () => {
  expect(check({})).toEqual([]);
});

test('a dependency without a line is found', () => {
  expect(check({ list: '' })).toEqual(['THIRD-PARTY.md: pg has no line']);
});

test('an empty column is found', () => {
  expect(check({ list: LINE.replace('nothing', '') })).toEqual(['THIRD-PARTY.md: pg: a column is empty or missing']);
});

test('another licence than the package has is found', () => {
  expect(check({ installed: { pg: { license: 'GPL-3.0' } } })).toEqual(['THIRD-PARTY.md: pg: the list says MIT, the package says GPL-3.0']);
});

test('a line that nobody needs is found', () => {
  expect(check({ list: `${LINE}\n${LINE.replace('pg', 'left-pad')}` })).toEqual([
    'THIRD-PARTY.md: left-pad is listed, but no part depends on it at run time',
  ]);
});

test('a range instead of a version is found', () => {
  const ranged = plant({
    'packages/kernel': { manifest: manifestOf('@fairlead/kernel', [], { dependencies: { pg: '^8.23.1' } }), files: {} },
  });

  expect(check({ packages: ranged.packages })).toEqual(['pg has the version ^8.23.1; write an exact one']);
});

test('an install script in the lock file is found', () => {
  const lock = { packages: { 'node_modules/native': { hasInstallScript: true }, 'node_modules/pg': {} } };

  expect(check({ lock })).toEqual(['package-lock.json: node_modules/native runs a script when it is installed']);
});
