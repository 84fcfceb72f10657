import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TempDir, tempDir } from '../temp/index.ts';
import { until } from '../until/index.ts';
import { greets } from './greeting.ts';
import { assertProgram } from './programs.ts';

const STDERR_KEPT = 64 * 1024;
const TERM_MS = 3000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A running NBD server; disposing stops it and removes its socket. */
export interface NbdServer extends AsyncDisposable {
  readonly socketPath: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Everything it wrote to standard error so far (the last 64 KiB). */
  readonly stderr: string;
  /** Sends a signal (SIGKILL unless told) and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** How a server program is started; `args` is given the socket path. */
export interface ServerStart {
  readonly program: string;
  readonly args: (socketPath: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Use this socket path (a restart in the same place) instead of one in a folder of its own. */
  readonly socketPath?: string;
  /** 'socket' waits for the file only: for servers whose first client counts (nbdkit exitlast). */
  readonly ready?: 'greeting' | 'socket';
}

/** Starts the program and waits until it greets. Fails with its standard error if it ends before that. */
export async function startServer(start: ServerStart): Promise<NbdServer> {
  assertProgram(start.program);
  const folder: TempDir | undefined = start.socketPath === undefined ? await tempDir('nbd-') : undefined;
  const socketPath = start.socketPath ?? join(folder?.path ?? '', 'nbd.sock');
  const server = new RunningServer(spawn(start.program, start.args(socketPath), spawnOptions(start)), socketPath, folder);
  try {
    await until(() => server.isReady(start.ready ?? 'greeting'), { timeoutMs: 10_000, what: `${start.program} to greet` });
    if (server.ended) throw new Error(`${start.program} ended at once: ${server.stderr.trim()}`);
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function spawnOptions(start: ServerStart) {
  return { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...start.env } };
}

class RunningServer implements NbdServer {
  readonly socketPath: string;
  readonly process: ChildProcess;
  stderr = '';
  ended = false;
  readonly #folder: TempDir | undefined;

  constructor(child: ChildProcess, socketPath: string, folder: TempDir | undefined) {
    this.process = child;
    this.socketPath = socketPath;
    this.#folder = folder;
    running.add(child);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    child.once('error', (error) => {
      this.stderr += error.message;
      this.ended = true;
    });
    child.once('close', () => {
      running.delete(child);
      this.ended = true;
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async isReady(kind: 'greeting' | 'socket'): Promise<boolean> {
    if (this.ended) return true;
    return kind === 'socket' ? existsSync(this.socketPath) : greets(this.socketPath);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.ended) return;
    const closed = once(this.process, 'close');
    this.process.kill(signal);
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hard = setTimeout(() => this.process.kill('SIGKILL'), TERM_MS);
    await this.kill('SIGTERM');
    clearTimeout(hard);
    await this.#folder?.[Symbol.asyncDispose]();
  }
}
