import { execFile } from 'node:child_process';
import { copyFile, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type OutputChunk, rolldown } from 'rolldown';

const run = promisify(execFile);
const SOURCE = '@fairlead/source';

/** Doors of a package as its package.json has them. */
type Exports = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Manifest {
  readonly exports: Exports;
  readonly devDependencies?: unknown;
}

/** Bytes of the JavaScript that one door loads before its first use, and what it may load later. */
export interface DoorSize {
  readonly door: string;
  readonly atOnce: number;
  readonly later: number;
}

/**
 * Makes the folder that is published of a package without dependencies: one file for each door with what doors share in files of their
 * own (many small files are what makes an import slow), declarations, README and licence. `npm pack` takes it as it is.
 */
export async function stage(root: string, dir: string, out: string): Promise<void> {
  const folder = join(root, dir);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const entries = await entriesOf(folder, manifest.exports);
  const dist = join(out, 'dist');
  await Promise.all([
    bundle(folder, entries, { dir: dist, minify: false }),
    declarations(root, folder, dist),
    copyFile(join(folder, 'README.md'), join(out, 'README.md')),
    copyFile(join(root, 'LICENSE'), join(out, 'LICENSE')),
    writeFile(join(out, 'package.json'), `${JSON.stringify(published(manifest), undefined, 2)}\n`),
  ]);
}

/** What the doors weigh when they are minified, without writing anything that stays. */
export async function sizes(root: string, dir: string): Promise<readonly DoorSize[]> {
  const folder = join(root, dir);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const entries = await entriesOf(folder, manifest.exports);
  const found: DoorSize[] = [];
  for (const [name, path] of Object.entries(entries)) {
    const chunks = await bundle(folder, { [name]: path }, { minify: true });
    const [entry] = chunks;
    const atOnce = new Set(entry === undefined ? [] : [entry.fileName, ...entry.imports]);
    const bytes = (some: readonly OutputChunk[]) => some.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
    const isFirst = ({ fileName }: OutputChunk): boolean => atOnce.has(fileName);
    found.push({ door: name, atOnce: bytes(chunks.filter(isFirst)), later: bytes(chunks.filter((chunk) => !isFirst(chunk))) });
  }
  return found;
}

/** `index` for `./src/index.ts`: the name of each door's file below `dist`, and its source. */
async function entriesOf(folder: string, exports: Exports): Promise<Record<string, string>> {
  const entries: Record<string, string> = {};
  for (const conditions of Object.values(exports)) {
    const pattern = conditions[SOURCE] ?? '';
    for await (const path of glob(pattern, { cwd: folder })) {
      if (!path.endsWith('.test.ts')) entries[path.replace(/^(?:\.\/)?src\//, '').replace(/\.ts$/, '')] = join(folder, path);
    }
  }
  return entries;
}

/** One file for all that doors share: a door is then two files. */
const codeSplitting = { groups: [{ name: 'core', minShareCount: 2 }] };

async function bundle(
  folder: string,
  input: Record<string, string>,
  { dir, minify }: { readonly dir?: string; readonly minify: boolean },
): Promise<readonly OutputChunk[]> {
  await using built = await rolldown({ cwd: folder, input, external: /^node:/, platform: 'node', logLevel: 'warn' });
  const output = { format: 'esm', minify, entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js', codeSplitting } as const;
  const { output: made } = dir === undefined ? await built.generate(output) : await built.write({ ...output, dir });
  return made.filter((one) => one.type === 'chunk');
}

async function declarations(root: string, folder: string, dist: string): Promise<void> {
  const options = ['--composite', 'false', '--incremental', 'false', '--sourceMap', 'false', '--emitDeclarationOnly', '--outDir', dist];
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder, ...options], { cwd: root });
}

/** For people who have the package alone: nothing of this workspace is told. */
function published({ devDependencies: _, ...manifest }: Manifest): object {
  const doors = Object.entries(manifest.exports).map(([door, { default: file = '' }]) => [
    door,
    { types: file.replace(/\.js$/, '.d.ts'), default: file },
  ]);
  return { ...manifest, exports: { ...Object.fromEntries(doors), './package.json': './package.json' } };
}
