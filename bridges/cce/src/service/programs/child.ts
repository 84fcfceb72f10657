import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { ProgramPlace } from './program-place.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface ChildOptions {
  readonly place: ProgramPlace;
  readonly stdio: NonNullable<SpawnOptions['stdio']>;
  /** Besides PATH and LANG, which are all that a program is told (cce 4.7). */
  readonly env?: Readonly<Record<string, string>>;
  /** The program and whatever it started are killed when it ends. */
  readonly signal: AbortSignal;
}

/** A program in a process group of its own; disposing of it forgets the signal and leaves the group alone. */
export interface Child extends Disposable {
  readonly process: ChildProcess;
  /** The exit code; undefined when a signal ended it. Rejects when it could not be started. */
  readonly ended: Promise<number | undefined>;
  /** Ends the whole group, at once. */
  kill(): void;
}

/** Starts a program without a shell. */
export function startChild({ place, stdio, env, signal }: ChildOptions): Child {
  const child = spawn(place.command, place.args, {
    cwd: place.folder,
    env: { PATH, LANG: process.env.LANG ?? 'C.UTF-8', ...env },
    stdio,
    // A group of its own, so that what a program starts goes with it.
    detached: true,
  });
  const kill = () => killGroup(child.pid);
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | undefined>();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code ?? undefined));
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  return { process: child, ended, kill, [Symbol.dispose]: () => signal.removeEventListener('abort', kill) };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
    return;
  }
}
