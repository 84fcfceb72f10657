import { readdir, readFile } from 'node:fs/promises';

export interface SeenProcess {
  readonly pid: number;
  /** `/proc/<pid>/cmdline`: everybody on the machine may read it. */
  readonly commandLine: Buffer;
  readonly environment: Buffer;
}

/** A process and all below it, the process itself first. */
export async function processTree(root: number): Promise<readonly SeenProcess[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = / [A-Z] (\d+) /.exec(stat.slice(stat.lastIndexOf(')')))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && pid > 1 && isBelow(parents.get(pid) ?? 1));
  const pids = [...parents.keys()].filter(isBelow).sort((a, b) => Number(b === root) - Number(a === root));
  return Promise.all(pids.map(lookAt));
}

async function lookAt(pid: number): Promise<SeenProcess> {
  const nothing = Buffer.alloc(0);
  const [commandLine, environment] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`).catch(() => nothing),
    readFile(`/proc/${pid}/environ`).catch(() => nothing),
  ]);
  return { pid, commandLine, environment };
}
