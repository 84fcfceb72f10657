import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const STATE = fileURLToPath(new URL('../../.state/bench/', import.meta.url));
const NODE_OVH = '@ovhcloud/node-ovh@3.0.0';
const PYTHON_OVH = 'ovh==1.2.0';
/** Debian's own Python, for which Debian's python3-venv is. */
const DEBIAN_PYTHON = '/usr/bin/python3';

/** The folder in which npm's `@ovhcloud/node-ovh` is installed; it stays between runs. */
export async function nodeOvhFolder(): Promise<string> {
  return await installed('node-ovh', NODE_OVH, async (folder) => {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', NODE_OVH], { cwd: folder });
  });
}

/** The Python that has PyPI's `ovh`; it stays between runs. */
export async function pythonOvh(): Promise<string> {
  const folder = await installed('python-ovh', PYTHON_OVH, async (venv) => {
    await run(existsSync(DEBIAN_PYTHON) ? DEBIAN_PYTHON : 'python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', PYTHON_OVH]);
  });
  return join(folder, 'bin/python');
}

async function installed(name: string, version: string, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(STATE, name);
  const stamp = join(folder, 'installed.txt');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === version) return folder;
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(stamp, version);
  return folder;
}
