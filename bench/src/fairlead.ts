import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '@fairlead/testkit/until';

const PROGRAM = fileURLToPath(new URL('../../fairlead', import.meta.url));
const START_MS = 120_000;

/** One `fairlead …` that goes on until disposed. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** What it said when it was up. */
  readonly said: RegExpExecArray;
}

/** Starts it and waits until it has said something. */
export async function startProgram(args: readonly string[], up: RegExp): Promise<Program> {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      // Later words are read and forgotten.
      if (text.length < 1024 * 1024) text += piece;
    });
  const said = await until(() => up.exec(text) ?? (child.exitCode === null ? undefined : 'over'), {
    timeoutMs: START_MS,
    what: args.join(' '),
  });
  if (said === 'over') throw new Error(`fairlead ${args.join(' ')} ended: ${text}`);
  return { pid: child.pid ?? 0, said, [Symbol.asyncDispose]: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(START_MS) });
  child.kill();
  await exit;
}
