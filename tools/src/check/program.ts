import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A check's program may take this long before it is ended. */
const PROGRAM_DEADLINE_MS = 300_000;
/** More output than this is no report but a fault. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of `node_modules/.bin` (or of the path) in `cwd` and gathers what it prints. Throws when it cannot start or does not end. */
export async function runProgram(cwd: string, command: string, args: readonly string[], signal: AbortSignal): Promise<ProgramResult> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(PROGRAM_DEADLINE_MS)]);
  const path = [join(import.meta.dirname, '../../../node_modules/.bin'), process.env.PATH ?? ''].join(':');
  const child = spawn(command, args, {
    cwd,
    signal: ended,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, code] = await Promise.all([
    gather(child.stdout),
    gather(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]);
  return { code, stdout, stderr };
}

async function gather(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_OUTPUT_BYTES) throw new Error(`more than ${MAX_OUTPUT_BYTES} bytes of output`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
