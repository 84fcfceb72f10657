import type { Counts } from './counts.ts';
import { runCommand } from './run-command.ts';
import { vitestStep } from './vitest-step.ts';

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
  return { name, command, count: async (exitCode, output) => ({ ...closingLine(output, exitCode), notes: failedLines(output) }) };
}

export function closingLine(output: string, exitCode: number): Counts {
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const last = lines.at(-1);
  if (!last) return { passed: 0, failed: 1, skipped: 0 };
  const counts = { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** The lines `failed  <what>  <why>` of a step. */
export function failedLines(output: string): readonly string[] {
  return output.match(/^failed {2}.*$/gm) ?? [];
}

/** The line `N of M checks ok`; without it one failed test. */
export function checkCounts(output: string): Counts {
  const [, ok, all] = /^(\d+) of (\d+) checks ok$/m.exec(output) ?? [];
  return { passed: Number(ok ?? 0), failed: all === undefined ? 1 : Number(all) - Number(ok), skipped: 0 };
}

export const steps: readonly Step[] = [
  { name: 'check', command: ['node', SOURCE, 'tools/src/check/main.ts'], count: async (_exitCode, output) => checkCounts(output) },
  vitestStep('.state/vitest.json'),
  counted('conformance', 'node', SOURCE, 'conformance/src/run.ts'),
  whole('demo', './dev', 'demo', '--once'),
];

/** Runs a step and counts. */
export async function runStep(step: Step): Promise<Counts> {
  const { exitCode, output } = await runCommand(step.command);
  return step.count(exitCode, output);
}
