import { GatewayError } from '@fairlead/kernel/errors';
import { Command, CommanderError } from 'commander';
import { ToldError } from './cli-errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { Output } from './output.ts';
import { VERSION } from './version.ts';

/** Runs one command line and gives its exit code; the only place where an error becomes a text for people. */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  const program = await createProgram(args, output);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    output.tell(describe(error));
    return exitCodeOf(error);
  }
}

/** Every command is declared, but what it works with is loaded only when it runs: help and short commands answer at once. */
async function createProgram(args: readonly string[], output: Output): Promise<Command> {
  const program = new Command('fairlead');
  program.description('One gateway between a hosting provider’s control planes and the tools that expect another API.').version(VERSION);
  program.exitOverride().configureOutput({
    writeOut: (text) => output.print(text.trimEnd()),
    writeErr: (text) => output.tell(text.trimEnd()),
    outputError: (text, write) => write(tellsJson(args) ? usageAsJson(text) : text),
  });
  const [
    { addServe },
    { addInit },
    { addConfigCommands },
    { addFakeCommands },
    { addBackupCommands },
    { addSecretCommands },
    { addAudit },
    { addDoctor },
    { addCced },
    { addCceCommands },
    { addOvhCommands },
    { addCyberappCommands },
  ] = await Promise.all([
    import('./commands/serve.ts'),
    import('./commands/init.ts'),
    import('./commands/config/commands.ts'),
    import('./commands/fake/commands.ts'),
    import('./commands/backup.ts'),
    import('./commands/secret/commands.ts'),
    import('./commands/audit.ts'),
    import('./commands/doctor/commands.ts'),
    import('./commands/cced.ts'),
    import('./commands/cce/commands.ts'),
    import('./commands/ovh/commands.ts'),
    import('./commands/cyberapp/commands.ts'),
  ]);
  const words = [addServe, addInit, addConfigCommands, addFakeCommands, addBackupCommands, addSecretCommands, addAudit, addDoctor];
  for (const add of [...words, addCced, addCceCommands, addOvhCommands, addCyberappCommands]) add(program, output);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Errors of `fairlead ovh … --json` are one JSON object each, before its options are understood, too (ovh 11). */
function tellsJson(args: readonly string[]): boolean {
  return args[0] === 'ovh' && args.includes('--json');
}

function usageAsJson(text: string): string {
  const message = text.trim().replace(/^error: /, '');
  return JSON.stringify({ code: 'CLI_USAGE', message, help: ['See `fairlead <command> --help`.'] });
}

/** What happened, why, what to do, and the code. */
function describe(error: unknown): string {
  if (error instanceof ToldError) return error.message;
  if (error instanceof GatewayError && error.code !== 'FAIRLEAD_INTERNAL')
    return [error.message, error.help, `(${error.code})`].filter(Boolean).join('\n');
  const cause = error instanceof GatewayError ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return `${cause.message}\n(${cause.code})`;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
