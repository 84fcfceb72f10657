import type { Command } from 'commander';
import { addClientOptions } from './client.ts';
import { addPrintOptions } from './print-options.ts';

/** A word that calls the API and prints what it found: a table, unless another form is asked for. */
export function listing(command: Command): Command {
  return addPrintOptions(addClientOptions(command));
}
