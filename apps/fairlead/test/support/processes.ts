import { readdir, readFile } from 'node:fs/promises';

/** The arguments of a process as everybody on the machine may read them; empty when it is gone. */
export async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
}

/** Ids of all processes whose arguments hold this text. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await commandLine(pid)).includes(text) ? pid : 0)));
  return found.filter((pid) => pid !== 0);
}
