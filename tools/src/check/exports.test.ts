import { expect, test } from 'vitest';
import { manifestOf, type PlantedPackage, plant, told } from '../../test/planted.ts';
import { checkExports } from './exports.ts';

const good: PlantedPackage = {
  manifest: manifestOf('@fairlead/ovirt', ['saxes'], { devDependencies: { vitest: '5.1.1' } }),
  files: { 'README.md': '', 'src/index.ts': "import { SaxesParser } from 'saxes';", 'src/index.test.ts': "import { test } from 'vitest';" },
};

function check(dir: string, manifest: Readonly<Record<string, unknown>>, files: Readonly<Record<string, string>> = good.files): string[] {
  return told(checkExports(plant({ [dir]: { manifest: { ...good.manifest, ...manifest }, files } })).findings);
}

test('a good package has no finding', () => {
  expect(check('protocols/ovirt', {})).toEqual([]);
});

test('a package without sources is only noted', () => {
  const { findings, notes } = checkExports(plant({ 'engines/cce': { manifest: {}, files: {} } }));

  expect(findings).toEqual([]);
  expect(notes).toEqual(['no sources yet: engines/cce']);
});

test('a missing README, description and licence are found', () => {
  const files = { 'src/index.ts': good.files['src/index.ts'] ?? '', 'src/index.test.ts': good.files['src/index.test.ts'] ?? '' };

  expect(check('protocols/ovirt', { description: '', license: 'MIT' }, files)).toEqual([
    'protocols/ovirt: has no README.md',
    'protocols/ovirt/package.json: has no description',
    'protocols/ovirt/package.json: licence is not Apache-2.0',
  ]);
});

test.each([
  [{ './codec': { '@fairlead/source': './src/codec.ts', default: './dist/codec.js' } }, './codec opens ./src/codec.ts, which is not there'],
  [
    { '.': { '@fairlead/source': './src/index.ts', default: './dist/main.js' } },
    '.: default is ./dist/main.js, the build of ./src/index.ts is ./dist/index.js',
  ],
  [{ './*': { '@fairlead/source': './src/index.ts', default: './dist/index.js' } }, './*: a door has a name, no wildcard'],
])('doors %j are refused', (exports, reason) => {
  expect(check('protocols/ovirt', { exports })).toEqual([`protocols/ovirt/package.json: ${reason}`]);
});

test('an area of the kernel without a door is found', () => {
  const manifest = { name: '@fairlead/kernel', exports: {}, dependencies: {}, devDependencies: {} };

  expect(check('packages/kernel', manifest, { 'README.md': '', 'src/clock/index.ts': '' })).toEqual([
    'packages/kernel/src/clock/index.ts: is the index of an area without a door',
  ]);
});

test('a dependency that only tests use is no run-time dependency', () => {
  expect(check('protocols/ovirt', { dependencies: { saxes: '6.0.0', vitest: '5.1.1' }, devDependencies: {} })).toEqual([
    'protocols/ovirt/package.json: dependencies lists vitest, which nothing here imports',
  ]);
});

test('a development dependency that nothing uses is found', () => {
  expect(check('protocols/ovirt', { devDependencies: { 'fast-check': '4.10.2' } })).toEqual([
    'protocols/ovirt/package.json: devDependencies lists fast-check, which nothing here imports',
  ]);
});

test('the workshop of measurements may use what it measures', () => {
  const bench = {
    manifest: manifestOf('@fairlead/bench', ['@fairlead/nbd']),
    files: { 'README.md': '', 'src/index.ts': "import { NbdClient } from '@fairlead/nbd';" },
  };

  expect(told(checkExports(plant({ bench })).findings)).toEqual([]);
});
