import { join } from 'node:path';
import type { ClientContext, Totals } from './client.ts';
import { runProgram } from './program.ts';
import { settingsText } from './settings.ts';
import { StepLines } from './step-lines.ts';

const RUN_DEADLINE_MS = 600_000;

/** A client's program with what it is told on its standard input. */
interface ClientProgram {
  readonly command: string;
  readonly words: readonly string[];
  readonly input: string;
  /** Besides what all clients get. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program of a client against a gateway of its own and counts the steps that it prints. */
export async function runClientProgram(context: ClientContext, command: string, words: readonly string[]): Promise<Totals> {
  await using world = await context.startWorld();
  return await runSteps(context, { command, words, input: settingsText(world, context.workDir) });
}

/** Runs a program and counts the steps that it prints. */
export async function runSteps(context: ClientContext, program: ClientProgram): Promise<Totals> {
  const steps = new StepLines();
  const shared = join(context.root, 'conformance/python');
  const code = await runProgram(program.command, program.words, {
    cwd: context.workDir,
    env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', PYTHONPATH: shared, ...program.env },
    input: program.input,
    deadlineMs: RUN_DEADLINE_MS,
    signal: context.signal,
    onLine: (line) => {
      steps.read(line);
      context.print(line);
    },
  });
  return steps.end(code);
}
