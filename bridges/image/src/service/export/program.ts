import { spawn } from 'node:child_process';
import { ImageError } from '../../errors.ts';

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT = 4 * 1024 * 1024;

/** Runs a program to its end. Throws `IMAGE_PROGRAM` when it cannot be started, is killed, or runs longer than `timeoutMs`. */
export function runProgram(program: string, args: readonly string[], timeoutMs: number): Promise<ProgramResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const fail = (reason: string, cause?: unknown) => reject(ImageError('IMAGE_PROGRAM', { program, reason }, { cause }));
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL', env: environment() });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(0, MAX_OUTPUT);
    });
  }
  child.once('error', (error) => fail(error.message, error));
  child.once('close', (code, signal) =>
    code === null ? fail(`it was ended by ${signal} (limit ${timeoutMs} ms)`) : resolve({ code, ...output }),
  );
  return promise;
}

/** What qemu's programs need, and no secret of ours. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...more };
}
