import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** Debian's own Python, for which Debian's python3-venv and python3-dev are. */
const DEBIAN_PYTHON = '/usr/bin/python3';
const INSTALL_DEADLINE_MS = 600_000;

export interface PythonOptions {
  /** Where the virtual environment lies, kept between runs. */
  readonly dir: string;
  /** Path of the requirements, with exact versions. */
  readonly requirements: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

export function pythonOf(dir: string): string {
  return join(dir, 'bin/python');
}

/** Makes a virtual environment that holds exactly the requirements; nothing when it is there for the same ones. */
export async function installPython({ dir, requirements, signal, print }: PythonOptions): Promise<void> {
  const stamp = join(dir, 'requirements.installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === wanted) return;
  const started = performance.now();
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const run = async (command: string, words: readonly string[]): Promise<void> => {
    const lines: string[] = [];
    const code = await runProgram(command, words, { deadlineMs: INSTALL_DEADLINE_MS, signal, onLine: (line) => lines.push(line) });
    if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${code}:\n${lines.slice(-20).join('\n')}`);
  };
  await run(existsSync(DEBIAN_PYTHON) ? DEBIAN_PYTHON : 'python3', ['-m', 'venv', dir]);
  await run(pythonOf(dir), ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '-r', requirements]);
  await writeFile(stamp, wanted);
  print(`installed ${requirements} into ${dir} in ${Math.round((performance.now() - started) / 1000)} s`);
}
