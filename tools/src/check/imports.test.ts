import { describe, expect, test } from 'vitest';
import { manifestOf, type PlantedPackage, plant, told } from '../../test/planted.ts';
import { checkCycleRule, checkImports } from './imports.ts';

const kernel: PlantedPackage = {
  manifest: {
    ...manifestOf('@fairlead/kernel', ['kysely']),
    exports: { './errors': {}, './store': {}, './log': {} },
  },
  files: { 'src/errors/index.ts': '', 'src/store/index.ts': "import { Kysely } from 'kysely';" },
};
const testkit: PlantedPackage = { manifest: manifestOf('@fairlead/testkit'), files: { 'src/index.ts': '' } };

function findings(packages: Readonly<Record<string, PlantedPackage>>): string[] {
  const workspace = plant(
    { 'packages/kernel': kernel, 'packages/testkit': testkit, ...packages },
    { devDependencies: { vitest: '5.1.1' } },
  );
  return told(checkImports(workspace, 0).findings);
}

function bridge(id: string, files: Readonly<Record<string, string>>, dependencies: readonly string[] = []): PlantedPackage {
  return { manifest: manifestOf(`@fairlead/bridge-${id}`, ['@fairlead/kernel', ...dependencies]), files: { 'src/index.ts': '', ...files } };
}

test('a tree that keeps the rule has no finding', () => {
  const image = bridge('image', {
    'src/api/put.ts': "import { open } from '../service/open.ts';\nimport { OvirtError } from '@fairlead/kernel/errors';",
    'src/service/open.ts': "import { createHash } from 'node:crypto';",
    'src/api/put.test.ts': "import { test } from 'vitest';",
  });

  expect(findings({ 'bridges/image': image })).toEqual([]);
});

describe('levels', () => {
  test('a bridge that imports another bridge is found', () => {
    const ovirt = bridge('ovirt', { 'src/service/disks.ts': "import { bridge } from '@fairlead/bridge-image';" }, [
      '@fairlead/bridge-image',
    ]);

    expect(findings({ 'bridges/ovirt': ovirt, 'bridges/image': bridge('image', {}) })).toEqual([
      'bridges/ovirt/src/service/disks.ts: a bridge never imports another bridge; use a service of the kernel (@fairlead/bridge-image)',
    ]);
  });

  test('a kernel that imports a bridge is found', () => {
    const bad = { ...kernel, files: { 'src/errors/index.ts': "import type { bridge } from '@fairlead/bridge-image';" } };

    expect(findings({ 'packages/kernel': bad, 'bridges/image': bridge('image', {}) })).toEqual([
      'packages/kernel/src/errors/index.ts: kernel may not import bridge (@fairlead/bridge-image)',
    ]);
  });

  test.each([
    ['protocols/nbd', '@fairlead/nbd'],
    ['protocols/cloudstack', '@fairlead/cloudstack'],
    ['protocols/cscp', '@fairlead/cscp'],
    ['protocols/ovh', '@fairlead/ovh'],
  ])('%s stands alone: neither the kernel nor a foreign package', (dir, name) => {
    const pack = {
      manifest: manifestOf(name, ['@fairlead/kernel', 'zod']),
      files: { 'src/index.ts': "import { GatewayError } from '@fairlead/kernel/errors';\nimport { z } from 'zod';" },
    };

    expect(findings({ [dir]: pack })).toEqual([
      `${dir}/src/index.ts: ${name} stands alone: it imports nothing of ours (@fairlead/kernel/errors)`,
      `${dir}/src/index.ts: ${name} has no run-time dependency (zod)`,
    ]);
  });

  test('testkit is for tests', () => {
    const nbd = {
      manifest: { ...manifestOf('@fairlead/nbd'), devDependencies: { '@fairlead/testkit': '0.1.0' } },
      files: { 'src/index.ts': "import { x } from '@fairlead/testkit';", 'test/client.test.ts': "import { x } from '@fairlead/testkit';" },
    };

    expect(findings({ 'protocols/nbd': nbd })).toEqual([
      'protocols/nbd/src/index.ts: @fairlead/nbd stands alone: it imports nothing of ours (@fairlead/testkit)',
    ]);
  });
});

describe('doors', () => {
  test.each([
    ['@fairlead/kernel', '@fairlead/kernel is no door of @fairlead/kernel: see its exports'],
    ['@fairlead/kernel/src/errors/index.ts', '@fairlead/kernel/src/errors/index.ts is no door of @fairlead/kernel: see its exports'],
    [
      '../../../packages/kernel/src/errors/index.ts',
      'a relative import must stay in its package (../../../packages/kernel/src/errors/index.ts)',
    ],
    ['./absent.ts', 'there is no such file (./absent.ts)'],
    ['left-pad', 'left-pad is not declared in bridges/image/package.json'],
    ['fs', 'write node:fs'],
  ])('%s is refused', (specifier, reason) => {
    const image = bridge('image', { 'src/index.ts': `import { x } from '${specifier}';` });

    expect(findings({ 'bridges/image': image })).toEqual([`bridges/image/src/index.ts: ${reason}`]);
  });
});

describe('rooms', () => {
  test.each([
    ['src/map/vm.ts', 'node:fs/promises', 'a codec or a map does no input or output (node:fs/promises)'],
    ['src/codec/reader.ts', '@fairlead/kernel/log', 'a codec or a map does no input or output (@fairlead/kernel/log)'],
    ['src/map/vm.ts', '../store/rows.ts', 'a map is a pure translation (../store/rows.ts)'],
    ['src/api/vms.ts', '../store/rows.ts', 'api/ calls service/, never the store (../store/rows.ts)'],
    ['src/api/vms.ts', '@fairlead/kernel/store', 'api/ calls service/, never the store (@fairlead/kernel/store)'],
    ['src/service/vms.ts', '../api/vms.ts', 'service/ never sees a request or a reply (../api/vms.ts)'],
  ])('%s may not import %s', (path, specifier, reason) => {
    const image = bridge('image', {
      'src/store/rows.ts': '',
      'src/api/vms.ts': '',
      [path]: `import { x } from '${specifier}';`,
    });

    expect(findings({ 'bridges/image': image })).toEqual([`bridges/image/${path}: ${reason}`]);
  });
});

test('a map may know the types of what it translates, which are erased', () => {
  const image = bridge('image', {
    'src/store/rows.ts': '',
    'src/map/vm.ts': "import type { Row } from '../store/rows.ts';\nimport type { Log } from '@fairlead/kernel/log';",
  });

  expect(findings({ 'bridges/image': image })).toEqual([]);
});

test('a scan that read too little is a finding, not a green light', () => {
  const { findings: found } = checkImports(plant({}), 100);

  expect(told(found)).toEqual(['only 0 imports in 0 files were read, at least 100 are expected: the scan is blind']);
});

test('Biome must look for import cycles', () => {
  expect(checkCycleRule({ linter: { rules: { suspicious: { noImportCycles: 'error' } } } })).toEqual([]);
  expect(told(checkCycleRule({ linter: { rules: { suspicious: { noImportCycles: 'warn' } } } }))).toEqual([
    'biome.json: suspicious/noImportCycles must be "error": nothing else looks for import cycles',
  ]);
});
