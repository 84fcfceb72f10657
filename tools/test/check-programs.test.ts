import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Check } from '../src/check/check.ts';
import { formatLintCheck } from '../src/check/format-lint.ts';
import { runProgram } from '../src/check/program.ts';
import { typesCheck } from '../src/check/types.ts';
import { unusedCheck } from '../src/check/unused.ts';
import { told } from './planted.ts';

const project = resolve(import.meta.dirname, '../..');

/** A small project with our own Biome, TypeScript and knip settings, and one package. */
async function plantProject(sources: Readonly<Record<string, string>>): Promise<AsyncDisposable & { readonly root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'fairlead-check-'));
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'planted', private: true, type: 'module', workspaces: ['protocols/*'] }),
    'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'protocols/sample' }] }),
    'tsconfig.tests.json': JSON.stringify({
      extends: './tsconfig.base.json',
      compilerOptions: { composite: false, noEmit: true },
      include: ['*/*/src/*.ts'],
    }),
    'knip.json': '{}',
    'protocols/sample/package.json': `${JSON.stringify({ name: '@planted/sample', type: 'module', exports: { '.': './src/index.ts' } })}\n`,
    'protocols/sample/tsconfig.json': JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist', types: [] },
      include: ['src'],
    }),
  };
  for (const [path, text] of Object.entries({ ...files, ...sources })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await cp(join(project, 'biome.json'), join(root, 'biome.json'));
  await cp(join(project, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
  await runProgram(root, 'git', ['init', '--quiet'], AbortSignal.timeout(10_000));
  await runProgram(root, 'biome', ['format', '--write', ...Object.keys(files)], AbortSignal.timeout(30_000));
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

async function findings(check: Check, sources: Readonly<Record<string, string>>): Promise<string[]> {
  await using planted = await plantProject(sources);
  return told((await check.run({ root: planted.root, signal: AbortSignal.timeout(60_000) })).findings);
}

const GOOD = { 'protocols/sample/src/index.ts': "export const word: string = 'a';\n" };

test.each([formatLintCheck, typesCheck, unusedCheck])('$name: a good project has no finding', async (check) => {
  expect(await findings(check, GOOD)).toEqual([]);
});

test('format-lint: an unformatted file and a console are found', async () => {
  const found = await findings(formatLintCheck, { 'protocols/sample/src/index.ts': "export const word='a';console.log(word);\n" });

  expect(found).toContain('protocols/sample/src/index.ts: is not formatted: run `biome check --write`');
  expect(found.some((text) => text.includes('lint/suspicious/noConsole'))).toBe(true);
});

test('format-lint: an import cycle is found', async () => {
  const found = await findings(formatLintCheck, {
    'protocols/sample/src/index.ts': "import { b } from './b.ts';\n\nexport const a: number = b;\n",
    'protocols/sample/src/b.ts': "import { a } from './index.ts';\n\nexport const b: number = a;\n",
  });

  expect(found.some((text) => text.includes('lint/suspicious/noImportCycles'))).toBe(true);
});

test('format-lint: a codec that opens a socket is found', async () => {
  const found = await findings(formatLintCheck, {
    'protocols/sample/src/codec/reader.ts': "import { connect } from 'node:net';\n\nexport const open: typeof connect = connect;\n",
  });

  expect(found.some((text) => text.includes('lint/style/noRestrictedImports'))).toBe(true);
});

test('types: a wrong type is found', async () => {
  expect(await findings(typesCheck, { 'protocols/sample/src/index.ts': 'export const word: string = 1;\n' })).toEqual([
    "protocols/sample/src/index.ts: Type 'number' is not assignable to type 'string'. (TS2322)",
  ]);
});

test('unused: a file and an export that nobody imports are found', async () => {
  const found = await findings(unusedCheck, {
    'protocols/sample/src/index.ts': "export { used } from './parts.ts';\n",
    'protocols/sample/src/parts.ts': 'export const used = 1;\nexport const forgotten = 2;\n',
    'protocols/sample/src/old.ts': 'export const old = 3;\n',
  });

  expect(found).toEqual([
    'protocols/sample/src/old.ts: no one imports this file',
    'protocols/sample/src/parts.ts: no one imports this export: forgotten',
  ]);
});

test('the command ends with 1 on a finding, 0 without, 64 for an unknown check', async () => {
  await using planted = await plantProject({ 'protocols/sample/src/BadName.ts': 'export const a = 1;\n' });
  const run = (words: readonly string[]) =>
    runProgram(
      project,
      'node',
      ['--conditions=@fairlead/source', 'tools/src/check/main.ts', '--root', planted.root, ...words],
      AbortSignal.timeout(30_000),
    );

  const [bad, good, unknown] = await Promise.all([run(['--only', 'names']), run(['--help']), run(['--only', 'nothing'])]);

  expect(bad.stdout).toContain('BadName.ts is not kebab-case');
  expect([bad.code, good.code, unknown.code]).toEqual([1, 0, 64]);
});

test('a program that does not end is ended with all that it started', async () => {
  await using planted = await plantProject(GOOD);
  const stop = new AbortController();

  const run = runProgram(planted.root, 'sh', ['-c', "sh -c 'echo started >started; exec sleep 600'; true"], stop.signal);
  await untilThere(join(planted.root, 'started'));
  stop.abort(new Error('enough'));

  // The output ends only when nobody is left who could write to it, so an orphaned `sleep` would hold this for ever.
  await expect(run).rejects.toThrow('was ended: Error: enough');
});

async function untilThere(file: string): Promise<void> {
  for (let attempt = 0; attempt < 500 && !existsSync(file); attempt += 1) await setTimeout(10);
}
