import { relative } from 'node:path';
import { type FolderLint, lintFolder } from '@fairlead/bridge-cce';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { shown } from './print-reply.ts';

/** Prints what is wrong in the `.schema` and `.conf` files of a folder. Throws `CLI_CCE_LINT` when there is an error, `CLI_USAGE` when there is no file. */
export async function printLint(folder: string, { json = false }: { readonly json?: boolean }, output: Output): Promise<void> {
  const { files, findings } = await lintFolder(folder);
  if (files === 0) throw CliError('CLI_USAGE', { reason: `there is no .schema or .conf file below ${folder}` });
  for (const finding of findings) output.print(json ? JSON.stringify(finding) : lineOf(finding, folder));
  const errors = findings.filter((one) => one.severity === 'error').length;
  if (errors > 0) throw CliError('CLI_CCE_LINT', { errors, files });
}

function lineOf({ severity, file, line, text }: FolderLint['findings'][number], folder: string): string {
  return `${severity}: ${relative(folder, file) || file}:${line}: ${shown(text)}`;
}
