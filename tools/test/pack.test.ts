import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TempDir, tempDir } from '@fairlead/testkit/temp';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stage } from '../src/pack/stage.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Programs of somebody who has installed the package; as text, because here nobody has. */
const PROGRAMS = fileURLToPath(new URL('support/packed/', import.meta.url));
const HOOK_MS = 90_000;

let temp: TempDir;
let project: string;
let packed: { readonly files: readonly { readonly path: string }[]; readonly filename: string };

beforeAll(async () => {
  temp = await tempDir();
  project = join(temp.path, 'project');
  const staged = join(temp.path, 'staged');
  await stage(ROOT, 'protocols/ovh', staged);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', temp.path], { cwd: staged });
  [packed] = JSON.parse(stdout) as [typeof packed];
  await mkdir(project);
  for (const file of await readdir(PROGRAMS)) await copyFile(join(PROGRAMS, file), join(project, file.replace(/\.txt$/, '')));
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(temp.path, packed.filename)], { cwd: project });
}, HOOK_MS);

afterAll(() => temp[Symbol.asyncDispose]());

/** Runs a program in the project, without any condition of this workspace. */
async function program(name: string): Promise<string> {
  const { stdout } = await run(process.execPath, [name], { cwd: project, env: { PATH: process.env.PATH, HOME: project } });
  return stdout.trim();
}

/** The first example of the README that was packed. */
async function example(): Promise<string> {
  const readme = await readFile(join(project, 'node_modules/@fairlead/ovh/README.md'), 'utf8');
  return /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
}

test('what is packed: built doors with their types, README and licence, no dependency and nothing of this workspace', async () => {
  const paths = packed.files.map(({ path }) => path);
  for (const path of [
    'LICENSE',
    'README.md',
    'package.json',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/fake/index.js',
    'dist/fake/index.d.ts',
  ])
    expect(paths).toContain(path);
  expect(paths.filter((path) => /test|\.ts$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  const text = await readFile(join(project, 'node_modules/@fairlead/ovh/package.json'), 'utf8');
  expect(Object.keys(JSON.parse(text)).filter((key) => /dependencies/i.test(key))).toEqual([]);
  expect(text).not.toContain('@fairlead/source');
});

test('the first example of the README runs against the packed fake', async () => {
  await writeFile(join(project, 'example.mts'), await example());
  const calls = await program('run-example.mjs');
  expect(calls.split('\n')).toEqual(
    expect.arrayContaining(['200 GET /1.0/auth/time', '200 GET /1.0/me', '200 GET /1.0/dedicated/server', '200 GET /v2/iam/resource']),
  );
  expect(calls).not.toMatch(/^[345]/m);
});

test('X38: require() and import give the same client', async () => {
  expect(await program('both.cjs')).toBe('true function');
});

for (const [module, resolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const) {
  test(`X38: TypeScript finds the types with module resolution ${resolution}, and sees a wrong call`, async () => {
    const typed = (await example()) + (await readFile(join(PROGRAMS, 'typed.mts.txt'), 'utf8'));
    await writeFile(join(project, 'typed.mts'), typed);
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: 'esnext',
      module,
      moduleResolution: resolution,
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
    };
    await writeFile(join(project, `tsconfig.${resolution}.json`), JSON.stringify({ compilerOptions: options, files: ['typed.mts'] }));
    const result = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', `tsconfig.${resolution}.json`], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(result.stdout).toBe('');
  });
}

test('row 67: a bundle for browsers has nothing of Node, and calls by fetch where there is no process', async () => {
  await using built = await rolldown({ cwd: project, input: 'web.mjs', platform: 'browser', logLevel: 'silent' });
  const { output } = await built.write({ dir: join(project, 'web'), format: 'esm', entryFileNames: '[name].mjs' });
  expect(
    output
      .flatMap((one) => (one.type === 'chunk' ? [...one.imports, ...one.dynamicImports] : []))
      .filter((name) => name.startsWith('node:')),
  ).toEqual([]);
  expect(await program('no-process.mjs')).toBe('true cors');
});
