import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './program.ts';

const INSTALL_DEADLINE_MS = 600_000;

export interface NpmOptions {
  /** Folder of a `package.json` and its `package-lock.json`. */
  readonly from: string;
  /** Where `node_modules` lies, kept between runs. */
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Installs exactly what a lock file names, without running its scripts; nothing when it is there for the same one. */
export async function installNpm({ from, dir, signal, print }: NpmOptions): Promise<void> {
  const stamp = join(dir, 'lock.installed.json');
  const wanted = await readFile(join(from, 'package-lock.json'), 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === wanted) return;
  const started = performance.now();
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(from, name), join(dir, name));
  const lines: string[] = [];
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const code = await runProgram('npm', words, { cwd: dir, deadlineMs: INSTALL_DEADLINE_MS, signal, onLine: (line) => lines.push(line) });
  if (code !== 0) throw new Error(`npm ${words.join(' ')} ended with ${code}:\n${lines.slice(-20).join('\n')}`);
  await writeFile(stamp, wanted);
  print(`installed ${from} into ${dir} in ${Math.round((performance.now() - started) / 1000)} s`);
}
