import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What one part of the run counted. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the counts after the command ended with this exit code and this output. */
  count(exitCode: number, output: string): Promise<Counts>;
}

const SOURCE = '--conditions=@fairlead/source';

/** A step that is one test: it passes with exit code 0. */
export function whole(name: string, ...command: string[]): Step {
  return { name, command, count: async (exitCode) => ({ passed: Number(exitCode === 0), failed: Number(exitCode !== 0), skipped: 0 }) };
}

/** A step that closes with a line `N passed, N failed, N skipped`; without the line it is one failed test. */
function counted(name: string, ...command: string[]): Step {
  return { name, command, count: async (exitCode, output) => closingLine(output, exitCode) };
}

export function closingLine(output: string, exitCode: number): Counts {
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const last = lines.at(-1);
  if (!last) return { passed: 0, failed: 1, skipped: 0 };
  const counts = { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** The line `N of M checks ok`; without it one failed test. */
export function checkCounts(output: string): Counts {
  const [, ok, all] = /^(\d+) of (\d+) checks ok$/m.exec(output) ?? [];
  return { passed: Number(ok ?? 0), failed: all === undefined ? 1 : Number(all) - Number(ok), skipped: 0 };
}

/** The vitest run, counted from its JSON report: the summary on the screen is for people. */
function vitest(report: string): Step {
  const command = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { name: 'vitest', command, count: async (exitCode) => vitestCounts(await readFile(report, 'utf8').catch(() => '{}'), exitCode) };
}

export function vitestCounts(report: string, exitCode: number): Counts {
  const totals = JSON.parse(report) as Record<string, number | undefined>;
  const passed = totals.numPassedTests ?? 0;
  const failed = (totals.numFailedTests ?? 0) + Number(exitCode !== 0 && !totals.numFailedTests);
  return { passed, failed, skipped: (totals.numPendingTests ?? 0) + (totals.numTodoTests ?? 0) };
}

export const steps: readonly Step[] = [
  { name: 'check', command: ['node', SOURCE, 'tools/src/check/main.ts'], count: async (_exitCode, output) => checkCounts(output) },
  vitest('.state/vitest.json'),
  counted('conformance', 'node', SOURCE, 'conformance/src/run.ts'),
  whole('demo', './dev', 'demo', '--once'),
];

/** Runs a step, shows what it prints, and keeps the end of it for counting. */
export async function runStep(step: Step): Promise<Counts> {
  const [program = '', ...args] = step.command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, FAIRLEAD_TEST_ALL: '1' } });
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    tail = (tail + chunk.toString('utf8')).slice(-100_000);
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once('error', () => resolve(127));
  child.once('close', (code) => resolve(code ?? 1));
  return step.count(await promise, tail);
}
