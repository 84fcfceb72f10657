import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import { addCallCommands } from './call/commands.ts';
import { addOvhConfigCommands } from './config/commands.ts';
import { addIdentityCommands } from './identity/commands.ts';
import { addOvhKeyCommands } from './key-commands.ts';

/** `fairlead ovh`: calls of the OVHcloud API, its keys and configuration, and what stands in an account. */
export function addOvhCommands(program: Command, output: Output): void {
  const ovh = program.command('ovh').description('call the OVHcloud API, and see to its keys');
  addCallCommands(ovh, output);
  addIdentityCommands(ovh, output);
  addOvhKeyCommands(ovh, output);
  addOvhConfigCommands(ovh, output);
  addCompletion(ovh, program, output);
}

function addCompletion(ovh: Command, program: Command, output: Output): void {
  ovh
    .command('completion <shell>')
    .description('print what completes words and options in bash, zsh or fish: source <(fairlead ovh completion bash)')
    .action(async (shell: string) => (await import('./completion.ts')).printCompletion(shell, program, output));
}
