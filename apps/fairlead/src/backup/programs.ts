import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BackupError } from './errors.ts';

const run = promisify(execFile);
const OUTPUT_LIMIT = 1024 * 1024;
const DEADLINE_MS = 600_000;

/** Runs a program to its end and gives its standard output; `BACKUP_PROGRAM_FAILED` with what it said otherwise. */
export async function runProgram(program: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], {
      maxBuffer: OUTPUT_LIMIT,
      timeout: DEADLINE_MS,
      env: programEnvironment(),
      ...(signal && { signal }),
    });
    return stdout;
  } catch (cause) {
    throw BackupError('BACKUP_PROGRAM_FAILED', { program, reason: reasonOf(cause) }, { cause });
  }
}

/** What another program needs to run, and no secret: FAIRLEAD_PASSWORD is not its business, and `/proc` would show it. */
export function programEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', TMPDIR: process.env.TMPDIR ?? '/tmp', LC_ALL: 'C', ...more };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  return said.slice(-2_000) || cause.message;
}
