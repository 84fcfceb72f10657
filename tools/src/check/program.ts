import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A check's program may take this long before it and all that it started are ended. */
const PROGRAM_DEADLINE_MS = 180_000;
/** More output than this is no report but a fault. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of `node_modules/.bin` (or of the path) in `cwd` and gathers what it prints. Throws when it cannot start or does not end in time. */
export async function runProgram(cwd: string, command: string, args: readonly string[], signal: AbortSignal): Promise<ProgramResult> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(PROGRAM_DEADLINE_MS)]);
  const path = [join(import.meta.dirname, '../../../node_modules/.bin'), process.env.PATH ?? ''].join(':');
  const env = { ...process.env, PATH: path, NO_COLOR: '1' };
  // In a group of its own: compilers start a program behind a launcher, and killing the launcher would leave that running.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = (): void => killGroup(child);
  ended.addEventListener('abort', end, { once: true });
  try {
    const [stdout, stderr, code] = await Promise.all([gather(child.stdout), gather(child.stderr), closed(child)]);
    if (ended.aborted) throw new Error(`${command} ${args.join(' ')} was ended: ${String(ended.reason)}`);
    return { code, stdout, stderr };
  } finally {
    ended.removeEventListener('abort', end);
    end();
  }
}

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/** Ends the program with everything in its group; nothing when it has ended. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // the group is empty
  }
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
