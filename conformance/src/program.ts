import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given on standard input: secrets go this way, because a list of processes shows words. */
  readonly input?: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Runs a program, hands on each line of its output, and returns its exit code; null when a signal or the deadline ended it and all that it started. */
export async function runProgram(command: string, words: readonly string[], options: ProgramOptions): Promise<number | null> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
  const child = spawn(command, words, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, because clients start programs too
  });
  const end = (): void => killGroup(child);
  signal.addEventListener('abort', end, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.on('error', () => undefined); // a program that ends without reading its input says so by its exit code
  child.stdin.end(options.input ?? '');
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', options.onLine);
  try {
    return await ended;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // the group is empty
  }
}
