import { readFile } from 'node:fs/promises';
import type { Counts } from './counts.ts';
import { runCommand } from './run-command.ts';
import type { Step } from './steps.ts';
import { type Failure, vitestCounts, vitestFailures } from './vitest-report.ts';

/** More files than these are no accident of a busy machine. */
const MOST_SECOND_RUNS = 3;

const WORDS = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'];

/**
 * The vitest run, counted from its JSON report: the summary on the screen is for people. When few files failed, each is run once
 * more by itself; a test that passes then counts as passed, and the end of the run names it with what it said at first.
 */
export function vitestStep(report: string): Step {
  const command = [...WORDS, `--outputFile.json=${report}`];
  return {
    name: 'vitest',
    command,
    count: async (exitCode) => {
      const first = await readReport(report);
      const counts = vitestCounts(first, exitCode);
      const failures = vitestFailures(first, process.cwd());
      const files = [...new Set(failures.map(({ file }) => file))];
      if (failures.length < counts.failed || files.length === 0 || files.length > MOST_SECOND_RUNS) return told(counts, failures);
      return await lookAgain(counts, failures, files);
    },
  };
}

async function lookAgain(counts: Counts, failures: readonly Failure[], files: readonly string[]): Promise<Counts> {
  const again: Failure[] = [];
  for (const file of files) {
    process.stdout.write(`\n==> vitest: once more ${file}\n`);
    const report = '.state/vitest-again.json';
    const { exitCode } = await runCommand([...WORDS, `--outputFile.json=${report}`, '--maxWorkers=1', file]);
    const text = exitCode === 0 ? '{}' : await readReport(report);
    const still = vitestFailures(text, process.cwd());
    // A run that ended badly and names nothing: what failed before has failed again.
    again.push(...(exitCode !== 0 && still.length === 0 ? failures.filter((one) => one.file === file) : still));
  }
  const mended = failures.filter((one) => !again.some(({ file, title }) => file === one.file && title === one.title));
  const total = counts.passed + counts.failed;
  const passed = total - Math.min(total, again.length);
  const notes = mended.map(({ file, title, message }) => `passed when run again  ${file}  ${title}: ${message}`);
  return { passed, failed: again.length, skipped: counts.skipped, notes: [...told(counts, again).notes, ...notes] };
}

function told(counts: Counts, failures: readonly Failure[]): Counts & { readonly notes: readonly string[] } {
  return { ...counts, notes: failures.map(({ file, title, message }) => `failed  ${file}  ${title}: ${message}`) };
}

function readReport(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '{}');
}
