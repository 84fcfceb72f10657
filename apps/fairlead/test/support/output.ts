import type { Output } from '../../src/output.ts';
import { runProgram } from '../../src/program.ts';
import type { Ended } from './cli.ts';

/** Runs a command line in this process: as `fairlead` does, without the price of a process. */
export async function inProcess(args: readonly string[], { isTerminal = false } = {}): Promise<Ended> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const output: Output = {
    isTerminal,
    progress: { isTTY: false, columns: 80, write: (text) => void stderr.push(text) },
    print: (text) => void stdout.push(`${text}\n`),
    tell: (text) => void stderr.push(`${text}\n`),
  };
  const code = await runProgram(args, output);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
