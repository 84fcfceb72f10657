import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, spread } from './figures.ts';
import { benchFolder } from './files.ts';
import { nodeOvhFolder } from './ovh-foreign.ts';
import type { Bench, Table } from './report.ts';

const run = promisify(execFile);
const PACK = fileURLToPath(new URL('../../tools/src/pack/main.ts', import.meta.url));
const TRIES = 10;

/** Each import in a process of its own, which does nothing else; an empty module tells what Node itself takes. */
export const ovhImport: Bench = {
  name: 'ovh-import',
  title:
    "The first `import()` of the package as it is published, of an empty module and of npm's node-ovh, each in a fresh process; bytes of the doors",
  rounds: 10,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    const staged = join(folder.path, 'staged');
    await run(process.execPath, ['--conditions=@fairlead/source', PACK, 'protocols/ovh', staged]);
    const empty = join(folder.path, 'empty.mjs');
    const timer = join(folder.path, 'timer.mjs');
    await writeFile(empty, 'export const nothing = 0;\n');
    await writeFile(timer, 'const begin = performance.now();\nawait import(process.argv[2]);\nconsole.log(performance.now() - begin);\n');
    const modules = [
      empty,
      join(staged, 'dist/index.js'),
      join(staged, 'dist/inventory/index.js'),
      join(await nodeOvhFolder(), 'node_modules/@ovhcloud/node-ovh/lib/ovh.js'),
    ];
    return [await times(timer, modules, rounds * TRIES), await weights()];
  },
};

async function times(timer: string, modules: readonly string[], tries: number): Promise<Table> {
  const taken = modules.map((): number[] => []);
  for (let round = 0; round < tries; round++)
    for (const [at, module] of modules.entries()) taken[at]?.push(Number((await run(process.execPath, [timer, module])).stdout));
  const names = ['an empty module', '`@fairlead/ovh`', '`@fairlead/ovh/inventory`', 'node-ovh'];
  const base = median(taken[0] ?? []);
  const rows = taken.map((own, at) => [
    names[at] ?? '',
    spread(own, 1),
    at === 0 ? '' : (median(own) - base).toFixed(1),
    at === 1 ? '< 30' : '',
  ]);
  return { head: ['module', 'ms', 'more than the empty one', 'mark'], rows };
}

async function weights(): Promise<Table> {
  const { stdout } = await run(process.execPath, ['--conditions=@fairlead/source', PACK, '--sizes', 'protocols/ovh']);
  const doors = JSON.parse(stdout) as readonly { readonly door: string; readonly atOnce: number; readonly later: number }[];
  const kib = (bytes: number) => (bytes / 1000).toFixed(1);
  return {
    head: ['door', 'kB minified, at once', 'kB minified, later'],
    rows: doors.map(({ door, atOnce, later }) => [door, kib(atOnce), kib(later)]),
  };
}
