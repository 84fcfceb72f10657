import { readdir, readFile, writeFile } from 'node:fs/promises';

/** Of the kernel's accounting in /proc (USER_HZ). */
const TICKS_PER_S = 100;

/** Seconds of CPU that a process has used so far, in user and kernel mode. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Forgets how much memory a process has had until now. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** The most memory a process has had at a time since then, in MiB. */
export async function peakMib(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** The memory that a process has now, in MiB. */
export async function residentMib(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** The processes of a program whose arguments name something within a folder. */
export async function processesOf(program: string, folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => lines[at]?.split('\0')[0]?.endsWith(program) && lines[at]?.includes(folder)).map(Number);
}
