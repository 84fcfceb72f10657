import type { ClientContext, Totals } from './client.ts';
import { runProgram } from './program.ts';
import { settingsText } from './settings.ts';
import { StepLines } from './step-lines.ts';

const RUN_DEADLINE_MS = 600_000;

/** Runs the program of a client against the gateway of the context and counts the steps that it prints. */
export async function runClientProgram(context: ClientContext, command: string, words: readonly string[]): Promise<Totals> {
  const steps = new StepLines();
  const code = await runProgram(command, words, {
    cwd: context.workDir,
    env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    input: settingsText(context),
    deadlineMs: RUN_DEADLINE_MS,
    signal: context.signal,
    onLine: (line) => {
      steps.read(line);
      context.print(line);
    },
  });
  return steps.end(code);
}
