import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '@fairlead/testkit/until';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** A command that takes longer than this hangs. */
const LIMIT_MS = 50_000;
const TERM_MS = 10_000;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A daemon runs until it is ended. */
  readonly endless?: boolean;
  /** Arguments for Node itself. */
  readonly node?: readonly string[];
}

/** What a command did. */
export interface Ended {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The binary as a child process, as a person or a unit file starts it. Disposing of it ends it, at the latest by force. */
export class RunningCli implements AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  isOver = false;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], options: RunOptions = {}) {
    const env = { ...cleanEnvironment(), ...options.env };
    this.#child = spawn(process.execPath, ['--conditions=@fairlead/source', ...(options.node ?? []), MAIN, ...args], {
      env,
      cwd: options.cwd ?? '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.pid = this.#child.pid ?? 0;
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
      });
    }
    const guard = options.endless === true ? undefined : setTimeout(() => this.#child.kill('SIGKILL'), LIMIT_MS);
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        clearTimeout(guard);
        this.isOver = true;
        resolve({ code: code ?? undefined, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until the program has said something; fails with all it said when it ends without. */
  async says(pattern: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const look = () => pattern.exec(this[where]) ?? (this.isOver ? 'over' : undefined);
    const found = await until(look, { timeoutMs: 30_000, what: `${pattern} in: ${this.stderr}${this.stdout}` });
    if (found === 'over') throw new Error(`it ended without saying ${pattern}: ${this.stderr}${this.stdout}`);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isOver) return;
    this.signal('SIGTERM');
    const hard = setTimeout(() => this.signal('SIGKILL'), TERM_MS);
    await this.ended;
    clearTimeout(hard);
  }
}

/** Runs a command to its end. */
export async function fairlead(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  await using cli = new RunningCli(args, options);
  return await cli.ended;
}

/** Variables of the caller's own gateway must not speak here. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FAIRLEAD_') && name !== 'NODE_OPTIONS'));
}
