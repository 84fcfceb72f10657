import { spawn } from 'node:child_process';

export interface Ended {
  readonly exitCode: number;
  /** The last of what it printed. */
  readonly output: string;
}

const KEPT = 100_000;

/** Runs a program, shows what it prints, and keeps the end of it. */
export async function runCommand([program = '', ...args]: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, FAIRLEAD_TEST_ALL: '1' } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    output = (output + chunk.toString('utf8')).slice(-KEPT);
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once('error', () => resolve(127));
  child.once('close', (code) => resolve(code ?? 1));
  return { exitCode: await promise, output };
}
